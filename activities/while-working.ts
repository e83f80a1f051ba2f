/** What goes on beside a piece of work: it beats so that a dead worker is noticed, and it hears when to stop. */
import { StudioError } from '@defect-studio/nodes'
import { Context } from '@temporalio/activity'

/** So long before Temporal's own timeout the work gives up by itself, with words instead of another try. */
const graceMs = 5000

export interface Beats {
  /** Aborts when the run is cancelled, the worker stops, or the time is up. */
  signal: AbortSignal
  /** Aborts only when the time is up; its reason is the failure that people read. */
  timeUp: AbortSignal
  /** Beats now. */
  beat(): void
}

/**
 * Runs `work` while heartbeats go out in the background, `beatMs` milliseconds apart. The first attempt's first beat
 * waits so long, too: most work is done by then, and every beat costs the server a write.
 * @param details what a beat carries to the next attempt.
 */
export async function whileWorking<T>(
  { beatMs, details }: { beatMs: number; details: () => unknown },
  work: (beats: Beats) => Promise<T>,
): Promise<T> {
  const context = Context.current()
  const { startToCloseTimeoutMs, attempt } = context.info
  const timeUp = new AbortController()
  const timer = setTimeout(
    () => timeUp.abort(tooSlow(startToCloseTimeoutMs)),
    Math.max(1000, startToCloseTimeoutMs - graceMs),
  )
  const beat = () => context.heartbeat(details())
  const beating = setInterval(beat, beatMs)
  if (attempt > 1) beat()
  try {
    const signal = AbortSignal.any([context.cancellationSignal, timeUp.signal])
    return await work({ signal, timeUp: timeUp.signal, beat })
  } finally {
    clearInterval(beating)
    clearTimeout(timer)
  }
}

const tooSlow = (milliseconds: number) =>
  new StudioError(
    'provider-unavailable',
    `This was not ready after ${Math.round(milliseconds / 60_000)} minutes. Choose fewer steps, a smaller size, or a faster server.`,
  )
