/** Works on rows that wait, again and again until none is due: what goes out of the studio goes through one of these. */
import type { Logger } from 'pino'

export interface Pump {
  /** Looks now, or right after the look that is going on. */
  wake(): void
  /** Resolves when nothing that was due at the call is left. */
  settled(): Promise<void>
  /** Lets what is under way finish. */
  stop(): Promise<void>
}

interface PumpOptions {
  /** Named in the log, as 'mails'. */
  what: string
  /** Milliseconds until rows of other processes, and those whose next try is due, are found. */
  everyMs: number
  log: Logger
  /** Works on some of what is due. @returns whether there may be more. */
  round(): Promise<boolean>
}

export function startPump({ what, everyMs, log, round }: PumpOptions): Pump {
  let stopped = false
  let wanted = false
  let going: Promise<void> | null = null
  let lastFailure = ''

  const run = async () => {
    do {
      wanted = false
      try {
        while (!stopped && (await round())) continue
        lastFailure = ''
      } catch (error) {
        // Said once, not at every look, while the database is away.
        const failure = error instanceof Error ? error.message : String(error)
        if (failure !== lastFailure) log.warn({ err: error }, `${what} wait`)
        lastFailure = failure
        return
      }
    } while (wanted && !stopped)
  }
  const wake = () => {
    wanted = true
    if (stopped || going) return
    going = run().finally(() => (going = null))
  }
  const timer = setInterval(wake, everyMs)
  timer.unref()
  wake()
  return {
    wake,
    async settled() {
      wake()
      while (going) await going
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await going
    },
  }
}
