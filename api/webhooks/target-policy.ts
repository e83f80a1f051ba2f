/** Which addresses a webhook may reach: none inside the network of the studio, unless an administrator says so. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface TargetPolicy {
  /** Also addresses of private networks and of this machine, and without TLS. */
  allowPrivate: boolean
  /** Hosts that may be reached wherever they are and without TLS: names or addresses, in lower case. */
  hosts: ReadonlySet<string>
}

/** What an administrator may open as a whole; link-local addresses, where clouds keep keys, only by name. */
const privateRanges: ReadonlySet<string> = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat'])

/** Ranges that the list of special addresses (RFC 6890) does not know any more, and that still lead inward. */
const formerlyLocal = [ipaddr.parseCIDR('fec0::/10')]

/** @param address as a name server gives it, or as a URL holds it without brackets. */
export function mayReach(policy: TargetPolicy, host: string, address: string): boolean {
  if (policy.hosts.has(host.toLowerCase())) return true
  if (!ipaddr.isValid(address)) return false
  // ::ffff:10.0.0.1 is 10.0.0.1.
  const read = ipaddr.process(address)
  const range = formerlyLocal.some((block) => read.kind() === 'ipv6' && read.match(block))
    ? 'uniqueLocal'
    : read.range()
  return range === 'unicast' || (policy.allowPrivate && privateRanges.has(range))
}

/** @returns what is wrong with the address as it is written; null when nothing is. */
function targetProblem(policy: TargetPolicy, url: URL): string | null {
  const host = hostOf(url)
  if (url.username !== '' || url.password !== '') return 'An address may not carry a name or password.'
  if (url.protocol === 'https:') return null
  if (url.protocol !== 'http:') return `${url.protocol}// is not understood; use https://.`
  return policy.allowPrivate || policy.hosts.has(host)
    ? null
    : 'Without TLS others could read and change the request; use https://.'
}

/** The same for a text, with an address in digits looked at as well. Names are only known when they are called. */
export function writtenTargetProblem(policy: TargetPolicy, text: string): string | null {
  if (!URL.canParse(text)) return 'The address cannot be read.'
  const url = new URL(text)
  const host = hostOf(url)
  const problem = targetProblem(policy, url)
  if (problem !== null || isIP(host) === 0 || mayReach(policy, host, host)) return problem
  return inwardTarget(host)
}

export const inwardTarget = (host: string): string =>
  `"${host}" leads to an address inside this network. An administrator can allow it with ALLOWED_WEBHOOK_HOSTS.`

/** Without the brackets of an IPv6 address, in lower case. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
