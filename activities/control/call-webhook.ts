/** Orders the delivery of a webhook and waits a while for its end. The API delivers: workers hold no secrets. */
import { setTimeout as wait } from 'node:timers/promises'
import { StudioError, type JsonValue, type TaskRef } from '@defect-studio/nodes'
import { queueDelivery, retryTransaction } from '@defect-studio/stores'
import type { IoDependencies } from '../index.ts'

interface WebhookOrder {
  url: string
  secretName: string | null
  body: JsonValue
}

/** One try of the activity waits so long; it then comes again, so that a worker that ends holds nobody up. */
const patienceMs = 20_000
const lookMs = 250

/**
 * @throws StudioError 'unavailable' while it is still being tried, 'invalid-input' when it was given up or its secret
 *   does not exist.
 */
export async function callWebhook(
  { db }: Pick<IoDependencies, 'db'>,
  order: WebhookOrder,
  task: TaskRef,
  signal: AbortSignal,
): Promise<{ status: number }> {
  const { runId, nodeId } = task
  const key = `node:${runId}:${nodeId}`
  await retryTransaction(db, async (tx) => {
    const run = await tx.run.findUniqueOrThrow({ where: { id: runId } })
    const { departmentId, graphId, graphName, reference } = run
    const { secretName, url } = order
    const secret =
      secretName === null
        ? null
        : await tx.webhookSecret.findUnique({
            where: { departmentId_name: { departmentId, name: secretName } },
          })
    if (secretName !== null && !secret)
      throw new StudioError(
        'invalid-input',
        `The department has no webhook secret "${secretName}". Ask its administrator for one.`,
      )
    await queueDelivery(tx, {
      key,
      url,
      sealedSecret: secret?.sealed ?? null,
      body: {
        type: 'run.reached',
        timestamp: new Date().toISOString(),
        data: { runId, nodeId, graphId, graphName, reference, ...(isRecord(order.body) ? order.body : {}) },
      },
      runId,
      departmentId,
    })
  })
  const until = Date.now() + patienceMs
  for (;;) {
    const delivery = await db.webhookDelivery.findUniqueOrThrow({ where: { key } })
    if (delivery.deliveredAt) return { status: delivery.status ?? 0 }
    const last = delivery.lastError ?? 'it has not been tried yet.'
    if (delivery.givenUpAt)
      throw new StudioError(
        'invalid-input',
        `The webhook was given up after ${delivery.attempts} tries: ${last}`,
      )
    if (Date.now() > until)
      throw new StudioError('unavailable', `The webhook is not delivered yet; the last try: ${last}`)
    await wait(lookMs, undefined, { signal })
  }
}

function isRecord(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
