/** What goes on beside a piece of work: it beats so that a dead worker is noticed, and it hears when to stop. */
import { StudioError } from '@defect-studio/nodes'
import { Context } from '@temporalio/activity'

/** Thirty of them fit into the heartbeat timeout; a cancelled run is heard at the next one. */
const beatMs = 1000
/** So long before Temporal's own timeout the work gives up by itself, with words instead of another try. */
const graceMs = 5000

/**
 * Runs `work` while heartbeats go out in the background.
 * @param work gets a signal that aborts when the run is cancelled, the worker stops, or the time is up.
 */
export async function duringWork<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current()
  const { startToCloseTimeoutMs } = context.info
  const timeUp = new AbortController()
  const minutes = Math.round(startToCloseTimeoutMs / 60_000)
  const timer = setTimeout(
    () =>
      timeUp.abort(
        new StudioError(
          'provider-unavailable',
          `This was not ready after ${minutes} minutes. Choose fewer steps, a smaller size, or a faster server.`,
        ),
      ),
    Math.max(1000, startToCloseTimeoutMs - graceMs),
  )
  const beat = setInterval(() => context.heartbeat(), beatMs)
  context.heartbeat()
  try {
    return await work(AbortSignal.any([context.cancellationSignal, timeUp.signal]))
  } finally {
    clearInterval(beat)
    clearTimeout(timer)
  }
}
