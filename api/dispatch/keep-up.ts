/** Does a duty again and again, so that what one process left undone another finds. */
import type { Logger } from 'pino'

export interface Duty {
  /** Starts a round now, or right after the one that is going on. */
  wake(): void
  /** Resolves when no round is going on. */
  stop(): Promise<void>
}

/**
 * @param round may throw: what it did not do waits for the next one.
 * @param everyMs how soon what nobody announced is found.
 */
export function keepUp(name: string, everyMs: number, log: Logger, round: () => Promise<void>): Duty {
  let stopped = false
  let wanted = false
  let going: Promise<void> | null = null
  let lastFailure = ''

  const rounds = async () => {
    while (wanted && !stopped) {
      wanted = false
      try {
        await round()
        lastFailure = ''
      } catch (error) {
        // Said once, not in every round, while a server is away.
        const failure = error instanceof Error ? error.message : String(error)
        if (failure !== lastFailure) log.warn({ err: error, duty: name }, 'left for later')
        lastFailure = failure
        return
      }
    }
  }
  const wake = () => {
    wanted = true
    if (stopped || going) return
    going = rounds().finally(() => (going = null))
  }
  const timer = setInterval(wake, everyMs)
  wake()
  return {
    wake,
    async stop() {
      stopped = true
      clearInterval(timer)
      await going
    },
  }
}

/** Several at once, in order; the first failure is thrown when all that had begun have ended. */
export async function inLanes<T>(
  lanes: number,
  all: readonly T[],
  work: (one: T) => Promise<void>,
): Promise<void> {
  let next = 0
  const lane = async () => {
    for (let one = all[next++]; one !== undefined; one = all[next++]) await work(one)
  }
  const ends = await Promise.allSettled(Array.from({ length: Math.min(lanes, all.length) }, lane))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}
