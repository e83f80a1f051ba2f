/** Reads which hosts an administrator opens to webhooks: `hooks.example.com, 10.0.0.7`. */
import { isIP } from 'node:net'
import { z } from 'zod'

export const HostList = z.string().transform((text, context): ReadonlySet<string> => {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '')
  for (const host of hosts)
    if (isIP(host) === 0 && !/^[^/*@\s:[\]]+$/.test(host))
      context.addIssue({
        code: 'custom',
        message: `"${host}" is no host: write names or addresses alone, without a scheme, port or *.`,
      })
  return new Set(hosts)
})
