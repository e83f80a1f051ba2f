/** Addresses that a webhook may name, as far as their text tells. Where a name leads is looked at when it is called. */
import { z } from 'zod'

const longest = 2000

export const WebhookUrl = z
  .string()
  .trim()
  .max(longest, `An address has at most ${longest} characters.`)
  .superRefine((text, context) => {
    const problem = webhookUrlProblem(text)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  })

/** Null when nothing is wrong. This room has no `URL`, so that the parts are read by their grammar (RFC 3986). */
export function webhookUrlProblem(text: string): string | null {
  const parts = /^(https?):\/\/([^/?#\s]*)([^\s]*)$/i.exec(text)
  if (!parts) return 'Understood is an address such as https://example.com/hook.'
  const host = parts[2] ?? ''
  if (host.includes('@')) return 'An address may not carry a name or password; use a webhook secret.'
  return /^(\[[0-9a-f:.]+\]|[^\s:[\]\\]+)(:\d{1,5})?$/i.test(host) ? null : `"${host}" is no host.`
}
