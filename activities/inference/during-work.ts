/** What goes on beside a piece of work: it beats so that a dead worker is noticed, and it hears when to stop. */
import { StudioError } from '@defect-studio/nodes'
import { Context } from '@temporalio/activity'
import { ApplicationFailure } from '@temporalio/common'
import { z } from 'zod'

/** Ten of them fit into the heartbeat timeout; a cancelled run is heard at the next one. */
const beatMs = 1000
/** So long before Temporal's own timeout the work gives up by itself, with words instead of another try. */
const graceMs = 5000
/**
 * A picture that has taken its worker down so often is given up. One crash may be chance, and a machine may be
 * restarted twice during one picture; nothing else tells a picture that kills from a worker that is killed.
 */
const mostCrashes = 3

/** What a beat carries to the next attempt: how often the work would have crashed if no more were heard. */
const Beat = z.object({ crashes: z.int().min(0) })

/**
 * Runs `work` while heartbeats go out in the background.
 * @param work gets a signal that aborts when the run is cancelled, the worker stops, or the time is up.
 * @throws ApplicationFailure 'crashed', not to be tried again, when earlier attempts have taken their workers down.
 */
export async function duringWork<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const context = Context.current()
  const crashes = Beat.safeParse(context.info.heartbeatDetails).data?.crashes ?? 0
  if (crashes >= mostCrashes) throw givenUp()
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
  // Counted before it happens: a process that crashes says nothing afterwards.
  const beat = () => context.heartbeat({ crashes: crashes + 1 })
  const beating = setInterval(beat, beatMs)
  beat()
  try {
    return await work(AbortSignal.any([context.cancellationSignal, timeUp.signal]))
  } catch (error) {
    if (!(error instanceof StudioError && error.type === 'crashed')) context.heartbeat({ crashes })
    else if (crashes + 1 >= mostCrashes) throw givenUp(error)
    throw error
  } finally {
    clearInterval(beating)
    clearTimeout(timer)
  }
}

function givenUp(cause?: Error): ApplicationFailure {
  return ApplicationFailure.create({
    type: 'crashed',
    message: `The server died ${mostCrashes} times while it worked on this, so it is not tried again.`,
    nonRetryable: true,
    ...(cause ? { cause } : {}),
  })
}
