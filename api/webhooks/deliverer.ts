/** Delivers webhooks: signs each with the secret that only this process can open, and tries again for hours. */
import type { PrismaClient } from '@defect-studio/prisma'
import {
  markDelivered,
  openSecret,
  postponeDelivery,
  takeDeliveries,
  type TakenDelivery,
} from '@defect-studio/stores'
import type { Logger } from 'pino'
import { type Pump, startPump } from '../outbox/start-pump.ts'
import { sendWebhook, type SendEnd, type SendRules } from './send-webhook.ts'
import { signWebhook } from './sign-webhook.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** Twelve tries over some nineteen hours: a system that is repaired on the next morning still gets what it missed. */
const pausesMs = [
  5 * second,
  15 * second,
  minute,
  3 * minute,
  10 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  6 * hour,
]

interface DelivererOptions {
  db: PrismaClient
  log: Logger
  signingSecret: Buffer
  rules: SendRules
  /** Milliseconds between the tries; one try more than there are pauses. */
  retryAfterMs?: readonly number[]
}

export function startDeliverer(options: DelivererOptions): Pump {
  const { db, log, signingSecret, rules, retryAfterMs = pausesMs } = options

  const attempt = async (delivery: TakenDelivery): Promise<SendEnd> => {
    const body = JSON.stringify(delivery.body)
    const id = `msg_${delivery.id}`
    const plain = { 'content-type': 'application/json', 'user-agent': 'DefectStudio', 'webhook-id': id }
    if (delivery.sealedSecret === null) return sendWebhook({ url: delivery.url, body, headers: plain }, rules)
    let secret: string
    try {
      secret = openSecret(signingSecret, 'outgoing-webhook', delivery.sealedSecret)
    } catch (error) {
      const words = error instanceof Error ? error.message : 'Its secret cannot be opened.'
      return { ok: false, status: null, error: words, final: true }
    }
    const headers = { ...plain, ...signWebhook({ id, body, secret }, Date.now()) }
    return sendWebhook({ url: delivery.url, body, headers }, rules)
  }

  return startPump({
    what: 'webhooks',
    everyMs: second,
    atOnce: 20,
    log,
    take: (count) => takeDeliveries(db, count),
    async work(delivery) {
      const end = await attempt(delivery)
      const about = { delivery: delivery.id, attempt: delivery.attempt, status: end.status }
      if (end.ok) {
        await markDelivered(db, delivery, end.status)
        return log.info(about, 'webhook delivered')
      }
      const afterMs = end.final ? null : (retryAfterMs[delivery.attempt - 1] ?? null)
      const next = afterMs === null ? 'it is given up' : `next try in ${afterMs} ms`
      log.warn(about, `a webhook was not taken: ${end.error} ${next}`)
      await postponeDelivery(db, delivery, { error: end.error, status: end.status, afterMs })
    },
  })
}
