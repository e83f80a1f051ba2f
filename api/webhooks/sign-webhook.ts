/** Signs what leaves the studio, so that whoever gets it knows that it is ours: standardwebhooks.com, version 1. */
import { createHmac, randomBytes } from 'node:crypto'

const prefix = 'whsec_'

/** 256 bits, in the form that libraries of the specification take. */
export const newWebhookSecret = (): string => prefix + randomBytes(32).toString('base64')

/**
 * Headers of one try: HMAC-SHA256 over `id.timestamp.body`.
 * @param id the same at every try, so that a receiver can tell what it has had.
 * @param secret `whsec_` and base64.
 * @param now milliseconds since 1970.
 */
export function signWebhook(
  { id, body, secret }: { id: string; body: string; secret: string },
  now: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = String(Math.floor(now / 1000))
  const key = Buffer.from(secret.slice(prefix.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}
