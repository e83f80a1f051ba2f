/** Tells restored rows that time has passed: what was under way has no workflow any more, and what waited may have gone. */
import type { Client } from 'pg'

const interrupted = {
  type: 'internal',
  message:
    'The studio was restored from a backup that was made while this run was under way. What was not done is not charged.',
  remedy: 'Run it again.',
}

const perhapsSent =
  'The studio was restored from a backup. Whether this had gone out before is not known, so it was not sent again.'

export interface BegunAnew {
  /** Runs that were under way: failed, their tokens given back. */
  interruptedRuns: number
  /** Mails and webhooks that waited. */
  heldBack: number
  schedules: number
}

/** In the transaction that is open, at today's schema. */
export async function beginAnew(client: Client): Promise<BegunAnew> {
  const { rows: runs } = await client.query<{ id: string }>(
    `SELECT "id" FROM "Run" WHERE "status" = 'running'`,
  )
  for (const { id } of runs)
    await client.query(`SELECT end_run($1, 'failed', $2)`, [id, JSON.stringify(interrupted)])
  // Nothing of them has begun: they are handed over as if they had just been asked for.
  await client.query(`UPDATE "Run" SET "dispatchedAt" = NULL WHERE "status" = 'queued'`)
  await client.query('UPDATE "Run" SET "controlSent" = 0 WHERE "endedAt" IS NULL')
  const mails = await client.query(
    `UPDATE "OutgoingMail" SET "nextAt" = NULL, "takenAt" = NULL, "givenUpAt" = now(), "lastError" = $1
     WHERE "nextAt" IS NOT NULL`,
    [perhapsSent],
  )
  const webhooks = await client.query(
    `UPDATE "WebhookDelivery" SET "nextAt" = NULL, "givenUpAt" = now(), "lastError" = $1 WHERE "nextAt" IS NOT NULL`,
    [perhapsSent],
  )
  const schedules = await client.query('UPDATE "Schedule" SET "sent" = 0')
  // Whoever has lost access since then must not come back with a session of old.
  await client.query('DELETE FROM "Session"')
  return {
    interruptedRuns: runs.length,
    heldBack: (mails.rowCount ?? 0) + (webhooks.rowCount ?? 0),
    schedules: schedules.rowCount ?? 0,
  }
}
