/** Tells every process what happens to runs: states are logged with what they tell of, progress is only called out. */
import type { RunEvent } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'
import { channels } from './channels.ts'

/** Inside a transaction the event goes out when, and only if, the transaction is committed. */
export async function publishRunEvent(db: Database | Transaction, event: RunEvent): Promise<void> {
  if (event.type === 'node-run-progress')
    // Only the latest counts and the next one comes soon: not worth a row.
    await db.$executeRaw`SELECT pg_notify(${channels.progress}, ${JSON.stringify(event)})`
  else await publishRunEvents(db, [event])
}

type StateEvent = Exclude<RunEvent, { type: 'node-run-progress' }>

/**
 * Logs many states, in their order, in one statement. A state of a run that has no row is dropped: nobody could be
 * allowed to hear it. Publish after the row that the state is of has been written: the ids of events then have the order
 * in which those rows changed.
 */
export async function publishRunEvents(
  db: Database | Transaction,
  events: readonly StateEvent[],
): Promise<void> {
  if (events.length === 0) return
  await db.$executeRaw`
    WITH logged AS (
      INSERT INTO "RunEventLog" ("xid", "runId", "ownerId", "departmentId", "body")
      SELECT pg_current_xact_id()::text::bigint, run."id", run."ownerId", run."departmentId", event.body
      FROM jsonb_array_elements(${JSON.stringify(events)}::jsonb) WITH ORDINALITY AS event (body, place)
      JOIN "Run" run ON run."id" = (event.body ->> 'runId')::uuid
      ORDER BY event.place
    )
    SELECT pg_notify(${channels.log}, '')`
}
