/** Makes one request to another system. Where a name leads is decided at the moment of connecting, so that it cannot change in between. */
import { lookup as resolve } from 'node:dns'
import http from 'node:http'
import https from 'node:https'
import type { LookupFunction } from 'node:net'
import { hostOf, inwardTarget, mayReach, type TargetPolicy, writtenTargetProblem } from './target-policy.ts'

export type SendEnd =
  | { ok: true; status: number }
  /** `final`: asking again is of no use. `status` is null when there was no answer. */
  | { ok: false; status: number | null; error: string; final: boolean }

interface Order {
  url: string
  headers: Record<string, string>
  body: string
}

export interface SendRules {
  policy: TargetPolicy
  /** For the whole exchange. */
  timeoutMs: number
  /** For tests: who answers for names. */
  lookup?: typeof resolve
}

/** Nobody reads the answer: so much of it is taken so that the connection ends in order, then it is cut. */
const mostAnswerBytes = 64 * 1024

class RefusedTarget extends Error {}

/** Never rejects. Redirects are answers like any other: what they name is not asked. */
export async function sendWebhook(order: Order, rules: SendRules): Promise<SendEnd> {
  // An address in digits is never looked up, so that this is where it is judged.
  const problem = writtenTargetProblem(rules.policy, order.url)
  if (problem !== null) return refused(problem)
  try {
    return endOf(await exchange(new URL(order.url), order, rules))
  } catch (error) {
    if (error instanceof RefusedTarget) return refused(error.message)
    return { ok: false, status: null, error: wordsFor(error, rules), final: false }
  }
}

function exchange(url: URL, { headers, body }: Order, rules: SendRules): Promise<number> {
  const { request } = url.protocol === 'https:' ? https : http
  const signal = AbortSignal.timeout(rules.timeoutMs)
  return new Promise((done, fail) => {
    const asked = request(
      url,
      {
        method: 'POST',
        // A connection of its own for each try: none that was opened before a name moved is used again.
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' },
        lookup: guardedLookup(hostOf(url), rules),
        signal,
      },
      (answer) => {
        let bytes = 0
        const end = () => {
          done(answer.statusCode ?? 0)
          answer.destroy()
        }
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (bytes > mostAnswerBytes) end()
        })
        answer.on('end', end)
        answer.on('error', fail)
      },
    )
    asked.on('error', fail)
    asked.end(body)
  })
}

/** Looks a name up and keeps only the addresses that may be reached; the connection is made to one of those. */
function guardedLookup(host: string, { policy, lookup = resolve }: SendRules): LookupFunction {
  return (name, options, answer) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, '', 0)
      const allowed = found.filter(({ address }) => mayReach(policy, host, address))
      const [first] = allowed
      if (!first) return answer(new RefusedTarget(inwardTarget(host)), '', 0)
      if (options.all) return answer(null, allowed)
      return answer(null, first.address, first.family)
    })
  }
}

function endOf(status: number): SendEnd {
  if (status >= 200 && status < 300) return { ok: true, status }
  const isRedirect = status >= 300 && status < 400
  return {
    ok: false,
    status,
    error: isRedirect
      ? `It answered ${status}: redirects are not followed. Give the address where it ends.`
      : `It answered ${status}.`,
    // 410: whoever answers asks not to be called again.
    final: status === 410,
  }
}

const refused = (error: string): SendEnd => ({ ok: false, status: null, error, final: true })

function wordsFor(error: unknown, { timeoutMs }: SendRules): string {
  if (error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError'))
    return `It did not answer within ${timeoutMs / 1000} seconds.`
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return typeof code === 'string' ? `It could not be reached: ${code}.` : 'It could not be reached.'
}
