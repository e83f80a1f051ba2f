/** Reads the log of events so that none is missed, although transactions end in another order than they began. */
import { RunEvent } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { z } from 'zod'

/** Events are kept this long: whoever was away longer reads the state anew. */
export const eventLogHours = 1

export interface LoggedEvent {
  /** Grows with the order in which the rows that the events are of were changed. */
  id: bigint
  ownerId: string
  departmentId: string
  event: RunEvent
}

export interface LogReading {
  /** In the order of their ids. */
  events: LoggedEvent[]
  /**
   * Every transaction below has ended: events below were all visible to this reading. Read from here next time; what
   * this reading gave at or above comes again then, unless it is named.
   */
  safe: bigint
  /** Events given at or above `safe`: their ids with their transactions. */
  above: ReadonlyMap<bigint, bigint>
}

/** Runs one statement with its parameters and returns the rows. */
export type LogQuery = (sql: string, params: unknown[]) => Promise<unknown[]>

const Big = z.string().transform(BigInt)
const Row = z.object({
  safe: Big,
  id: Big.nullable(),
  xid: Big.nullable(),
  ownerId: z.string().nullable(),
  departmentId: z.string().nullable(),
  body: z.unknown(),
})

// The row of a transaction that is still open is not there for anybody. It gets there with a transaction id that others
// may have passed: so what counts as read is only what lies below every open transaction.
const select = `
  SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS "safe", log."id"::text AS "id", log."xid"::text AS "xid",
    log."ownerId"::text AS "ownerId", log."departmentId"::text AS "departmentId", log."body"
  FROM (SELECT) AS one
  LEFT JOIN "RunEventLog" log ON log."xid" >= $1::text::bigint AND log."id" <> ALL ($2::text[]::bigint[])
  ORDER BY log."id" LIMIT $3::int`

/**
 * @param from the `safe` of the reading before
 * @param except ids that were given already although their transactions are at or above `from`
 * @param limit the most rows; what is left out then is not the latest alone, so that the reading is of no use as a base
 */
export async function readEventLog(
  query: LogQuery,
  from: bigint,
  except: Iterable<bigint> = [],
  limit: number | null = null,
): Promise<LogReading> {
  const rows = z.array(Row).parse(await query(select, [from.toString(), [...except].map(String), limit]))
  const safe = rows[0]?.safe ?? from
  const there = rows.flatMap(({ id, xid, ownerId, departmentId, body }) =>
    id !== null && xid !== null && ownerId !== null && departmentId !== null
      ? [{ id, xid, ownerId, departmentId, body }]
      : [],
  )
  const events = there.flatMap(({ id, ownerId, departmentId, body }): LoggedEvent[] => {
    const event = RunEvent.safeParse(body)
    // Another version of the studio may publish what this one does not know.
    return event.success ? [{ id, ownerId, departmentId, event: event.data }] : []
  })
  return { events, safe, above: new Map(there.flatMap(({ id, xid }) => (xid >= safe ? [[id, xid]] : []))) }
}

/** A statement on the pool of the database. */
export const logQueryOf =
  (db: Database): LogQuery =>
  (sql, params) =>
    db.$queryRawUnsafe<unknown[]>(sql, ...params)

/**
 * Removes events that nobody can ask for any more, at most `limit` at once.
 * @returns how many were removed; fewer than `limit` when nothing is left to do.
 */
export async function trimEventLog(db: Database, limit = 10_000): Promise<number> {
  return db.$executeRaw`
    DELETE FROM "RunEventLog" WHERE "id" IN (
      SELECT "id" FROM "RunEventLog" WHERE "createdAt" < now() - make_interval(hours => ${eventLogHours}::int)
      ORDER BY "createdAt" LIMIT ${limit}::int)`
}
