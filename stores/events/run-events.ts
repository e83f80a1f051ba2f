/** Tells every process what happened to a run: PostgreSQL's NOTIFY, heard with LISTEN on a connection of its own. */
import { RunEvent } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'
import pg from 'pg'

const channel = 'run_events'

/** Inside a transaction the event goes out when, and only if, the transaction is committed. */
export async function publishRunEvent(db: Database | Transaction, event: RunEvent): Promise<void> {
  await db.$executeRaw`SELECT pg_notify(${channel}, ${JSON.stringify(event)})`
}

export interface RunEventListener {
  /** Resolves when the first LISTEN is in force: what is published from then on is heard. */
  ready: Promise<void>
  close(): Promise<void>
}

export interface ListenOptions {
  /**
   * The connection was lost and is back. What was published in between is lost: read the state of whatever is
   * being watched again.
   */
  onReconnect?: () => void
  /** Hears why the connection was lost, or could not be made. */
  onLost?: (error: Error) => void
}

/** Listens until closed; when PostgreSQL goes away it tries again every 0.1 … 2 s. */
export function listenRunEvents(
  url: string,
  onEvent: (event: RunEvent) => void,
  options: ListenOptions = {},
): RunEventListener {
  let client: pg.Client | undefined
  let retry: NodeJS.Timeout | undefined
  let closed = false
  let failures = 0
  let markReady = () => {}
  const ready = new Promise<void>((resolve) => (markReady = resolve))
  let wasReady = false

  const connect = async (): Promise<void> => {
    const attempt = new pg.Client({ connectionString: url, keepAlive: true })
    client = attempt
    let lost = false
    const lose = (error: Error): void => {
      if (lost) return
      lost = true
      if (closed) return
      options.onLost?.(error)
      failures += 1
      retry = setTimeout(() => void connect(), Math.min(2_000, 50 * 2 ** failures))
      attempt.end().catch(() => undefined)
    }
    attempt.on('error', lose)
    attempt.on('end', () => lose(new Error('PostgreSQL ended the connection.')))
    attempt.on('notification', ({ payload }) => {
      const event = RunEvent.safeParse(payload === undefined ? undefined : JSON.parse(payload))
      // Another version of the studio may publish what this one does not know.
      if (event.success) onEvent(event.data)
    })
    try {
      await attempt.connect()
      await attempt.query(`LISTEN ${channel}`)
    } catch (error) {
      lose(error instanceof Error ? error : new Error(String(error)))
      return
    }
    failures = 0
    if (wasReady) options.onReconnect?.()
    wasReady = true
    markReady()
  }

  void connect()
  return {
    ready,
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end().catch(() => undefined)
    },
  }
}
