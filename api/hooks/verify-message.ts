/** Tells messages of whoever has a hook's secret from all others (Standard Webhooks 1.0.0, standardwebhooks.com). */
import { createHmac, timingSafeEqual } from 'node:crypto'

const secretPrefix = 'whsec_'
/** A message that is older, or from the future, may be one that somebody caught on the way. */
const freshSeconds = 5 * 60

export interface ReceivedMessage {
  body: Buffer
  /** By name, in small letters. */
  header(name: string): string | undefined
}

/**
 * @param secret `whsec_` and base64, as it was shown when the hook was made.
 * @param now seconds since 1970.
 * @returns why the message is not believed; null when it is.
 */
export function refuseMessage(message: ReceivedMessage, secret: string, now: number): string | null {
  const bearer = /^Bearer (\S{1,500})$/i.exec(message.header('authorization') ?? '')?.[1]
  if (bearer !== undefined)
    return isSame(Buffer.from(bearer), Buffer.from(secret)) ? null : 'The secret is not that of this hook.'
  const id = message.header('webhook-id')
  const timestamp = message.header('webhook-timestamp')
  const signatures = message.header('webhook-signature')
  if (!id || !timestamp || !signatures)
    return 'The message is not signed: webhook-id, webhook-timestamp and webhook-signature are needed, or the secret as a bearer token.'
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > freshSeconds)
    return `webhook-timestamp is more than ${freshSeconds / 60} minutes away from now.`
  const right = sign({ id, timestamp, body: message.body }, secret)
  const known = signatures
    .split(' ')
    .slice(0, 20)
    .some((one) => one.startsWith('v1,') && isSame(Buffer.from(one.slice(3), 'base64'), right))
  return known ? null : 'The signature is not made with the secret of this hook.'
}

/** HMAC-SHA256 over `id.timestamp.body`. */
export function sign(message: { id: string; timestamp: string; body: Buffer }, secret: string): Buffer {
  const key = Buffer.from(
    secret.startsWith(secretPrefix) ? secret.slice(secretPrefix.length) : secret,
    'base64',
  )
  return createHmac('sha256', key).update(`${message.id}.${message.timestamp}.`).update(message.body).digest()
}

export const secretOf = (random: Buffer): string => secretPrefix + random.toString('base64')

/** In a time that does not tell where they differ. */
function isSame(shown: Buffer, right: Buffer): boolean {
  return shown.length === right.length && timingSafeEqual(shown, right)
}
