/** Takes webhooks that wait: each by one process at a time, until it is delivered or given up. */
import { JsonValue } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'

export interface TakenDelivery {
  id: string
  url: string
  sealedSecret: string | null
  body: JsonValue
  /** Which try this is, from 1 on. */
  attempt: number
}

/** Whoever took one and says nothing for so long has died; another process then takes it. Seconds. */
const leaseSeconds = 120

/**
 * @returns deliveries that are due, the longest waiting first; nobody else gets them meanwhile. Departments take turns, so
 *   that one whose system hangs holds up nobody else's.
 */
export async function takeDeliveries(db: Database, count: number): Promise<TakenDelivery[]> {
  const rows = await db.$queryRaw<
    (Omit<TakenDelivery, 'attempt' | 'body'> & { attempts: number; body: unknown })[]
  >`
    UPDATE "WebhookDelivery" SET
      "attempts" = "attempts" + 1,
      "nextAt" = now() + make_interval(secs => ${leaseSeconds})
    WHERE "id" IN (
      SELECT due."id" FROM "WebhookDelivery" due
      JOIN (
        SELECT "id", row_number() OVER (PARTITION BY "departmentId" ORDER BY "nextAt") AS "turn"
        FROM "WebhookDelivery" WHERE "nextAt" <= now()
      ) queue ON queue."id" = due."id"
      WHERE due."nextAt" <= now()
      ORDER BY queue."turn", due."nextAt" LIMIT ${count} FOR UPDATE OF due SKIP LOCKED
    )
    RETURNING "id", "url", "sealedSecret", "body", "attempts"`
  return rows.map(({ attempts, body, ...row }) => ({
    ...row,
    body: JsonValue.parse(body),
    attempt: attempts,
  }))
}

type Taken = Pick<TakenDelivery, 'id' | 'attempt'>

/** @param status of the answer, 200 … 299. */
export async function markDelivered(db: Database, { id }: Taken, status: number): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { id },
    data: { deliveredAt: new Date(), status, nextAt: null, lastError: null },
  })
}

/**
 * @param status of the answer; null when there was none.
 * @param afterMs until the next try; null gives it up. Nothing happens when another process has taken it meanwhile.
 */
export async function postponeDelivery(
  db: Database,
  { id, attempt }: Taken,
  { error, status, afterMs }: { error: string; status: number | null; afterMs: number | null },
): Promise<void> {
  await db.webhookDelivery.updateMany({
    where: { id, attempts: attempt, deliveredAt: null },
    data: {
      status,
      lastError: error.slice(0, 500),
      ...(afterMs === null
        ? { nextAt: null, givenUpAt: new Date() }
        : { nextAt: new Date(Date.now() + afterMs) }),
    },
  })
}
