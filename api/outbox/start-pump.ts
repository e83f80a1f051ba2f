/** Works on rows that wait, again and again until none is due: what leaves the studio goes through one of these. */
import type { Logger } from 'pino'

export interface Pump {
  /** Looks now, or right after the look that is going on. */
  wake(): void
  /** Resolves when nothing that was due at the call is left. */
  settled(): Promise<void>
  /** Takes nothing more and lets what is under way finish. */
  stop(): Promise<void>
}

interface PumpOptions<Row> {
  /** Named in the log, as 'mails'. */
  what: string
  /** Milliseconds until rows of other processes, and those whose next try is due, are found. */
  everyMs: number
  /** How many rows are worked on at the same time. */
  atOnce: number
  log: Logger
  /** Rows that are due, at most `count`; nobody else gets them meanwhile. */
  take(count: number): Promise<Row[]>
  /** Writes down how it ended, whatever happens. One that rejects leaves its row to whoever takes it next. */
  work(row: Row): Promise<void>
}

export function startPump<Row>({ what, everyMs, atOnce, log, take, work }: PumpOptions<Row>): Pump {
  let stopped = false
  let wanted = false
  let looking: Promise<void> | null = null
  let lastFailure = ''
  const underWay = new Set<Promise<void>>()

  /** Said once, not at every look, while the database is away. */
  const complain = (error: unknown) => {
    const failure = error instanceof Error ? error.message : String(error)
    if (failure !== lastFailure) log.warn({ err: error }, `${what} wait`)
    lastFailure = failure
  }
  const begin = (row: Row) => {
    const end: Promise<void> = work(row)
      .catch(complain)
      .finally(() => {
        underWay.delete(end)
        wake()
      })
    underWay.add(end)
  }
  const look = async () => {
    try {
      do {
        wanted = false
        const room = atOnce - underWay.size
        const rows = room > 0 && !stopped ? await take(room) : []
        rows.forEach(begin)
        wanted ||= rows.length > 0
      } while (wanted && !stopped && underWay.size < atOnce)
      lastFailure = ''
    } catch (error) {
      complain(error)
    }
  }
  const wake = () => {
    wanted = true
    if (stopped || looking) return
    looking = look().finally(() => (looking = null))
  }
  const timer = setInterval(wake, everyMs)
  timer.unref()
  wake()
  return {
    wake,
    async settled() {
      wake()
      while (looking || underWay.size > 0) await (looking ?? Promise.race(underWay))
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await looking
      await Promise.all(underWay)
    },
  }
}
