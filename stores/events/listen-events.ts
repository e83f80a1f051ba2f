/** Hears events as they are committed: PostgreSQL's LISTEN on a connection of its own wakes a reader of the log. */
import { RunEvent } from '@defect-studio/nodes'
import pg from 'pg'
import { Change } from './changes.ts'
import { channels } from './channels.ts'
import { readEventLog, type LoggedEvent } from './event-log.ts'
import type { EventPosition } from './event-position.ts'

export interface EventEar {
  /** States, each once, also those of while the connection was lost. `position`: where to go on after these. */
  logged(events: readonly LoggedEvent[], position: EventPosition): void
  /** Progress as it comes; while the connection is lost it passes by. */
  progress(event: Extract<RunEvent, { type: 'node-run-progress' }>): void
  changed(change: Change): void
  /** Why the connection was lost, or could not be made. */
  lost?(error: Error): void
  /** The connection is back: changes may have passed by. */
  back?(): void
}

export interface EventListener {
  /** Resolves when the first LISTEN is in force: what is published from then on is heard. */
  ready: Promise<void>
  position(): EventPosition
  close(): Promise<void>
}

/** A wake-up that was lost, and a transaction that ended without events, are made up for this often. */
const lookMs = 2_000

/** Listens until closed; when PostgreSQL goes away it tries again every 0.1 … 2 s. */
export function listenEvents(url: string, ear: EventEar): EventListener {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false
  let failures = 0
  let wasReady = false
  let markReady = () => {}
  const ready = new Promise<void>((resolve) => (markReady = resolve))
  let position: EventPosition | null = null
  /** Given although their transactions are at or above the position: id → transaction. */
  const above = new Map<bigint, bigint>()

  async function readLog(from: pg.Client): Promise<void> {
    const first = position === null
    const at = Date.now()
    const query = async (sql: string, params: unknown[]) => (await from.query<object>(sql, params)).rows
    const reading = await readEventLog(query, position?.safe ?? (await snapshotMin(from)), above.keys())
    // Another connection has taken over: what this one read is read again there.
    if (closed || from !== client) return
    for (const [id, xid] of reading.above) above.set(id, xid)
    for (const [id, xid] of above) if (xid < reading.safe) above.delete(id)
    position = { safe: reading.safe, at }
    // What was committed before the first LISTEN belongs to whoever asks for it by a position.
    if (!first && reading.events.length > 0) ear.logged(reading.events, position)
  }

  const connect = async (): Promise<void> => {
    // A server that is gone without a word must not leave us listening to nobody.
    const limits = { connectionTimeoutMillis: 10_000, query_timeout: 10_000 }
    const attempt = new pg.Client({ connectionString: url, keepAlive: true, ...limits })
    client = attempt
    let lost = false
    let look: NodeJS.Timeout | null = null
    const lose = (error: Error): void => {
      if (lost) return
      lost = true
      if (look) clearInterval(look)
      if (closed) return
      ear.lost?.(error)
      failures += 1
      retry = setTimeout(() => void connect(), Math.min(2_000, 50 * 2 ** failures))
      attempt.end().catch(() => undefined)
    }
    const read = oneAtATime(() => readLog(attempt))
    const wake = () => void read().catch((error: unknown) => lose(toError(error)))
    attempt.on('error', lose)
    attempt.on('end', () => lose(new Error('PostgreSQL ended the connection.')))
    attempt.on('notification', ({ channel, payload }) => {
      if (channel === channels.log) wake()
      else hearPayload(channel, payload ?? '', ear)
    })
    try {
      await attempt.connect()
      await attempt.query(
        Object.values(channels)
          .map((name) => `LISTEN ${name}`)
          .join('; '),
      )
      await read()
    } catch (error) {
      return lose(toError(error))
    }
    look = setInterval(wake, lookMs)
    failures = 0
    if (wasReady) ear.back?.()
    wasReady = true
    markReady()
  }

  void connect()
  return {
    ready,
    position: () => position ?? { safe: 0n, at: 0 },
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}

/** Calls that come while one is under way are one more after it. */
function oneAtATime(work: () => Promise<void>): () => Promise<void> {
  let working: Promise<void> | null = null
  let again = false
  return () => {
    again = true
    working ??= (async () => {
      try {
        while (again) {
          again = false
          await work()
        }
      } finally {
        working = null
      }
    })()
    return working
  }
}

async function snapshotMin(client: pg.Client): Promise<bigint> {
  const { rows } = await client.query<{ safe: string }>(
    'SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS safe',
  )
  return BigInt(rows[0]?.safe ?? 0)
}

/** What another version of the studio says and this one does not know passes by. */
function hearPayload(channel: string, payload: string, ear: EventEar): void {
  const data = parse(payload)
  if (channel === channels.progress) {
    const event = RunEvent.safeParse(data)
    if (event.success && event.data.type === 'node-run-progress') ear.progress(event.data)
  } else {
    const change = Change.safeParse(data)
    if (change.success) ear.changed(change.data)
  }
}

function parse(payload: string): unknown {
  try {
    return JSON.parse(payload)
  } catch {
    return undefined
  }
}

const toError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)))
