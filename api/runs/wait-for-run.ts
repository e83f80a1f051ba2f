/** Holds an answer back until a run has changed its state: for callers that have no event stream. */
import { isFinal, type RunStatus } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'

/** Proxies close silent requests after 60 s. */
export const longestWaitSeconds = 55
/** A member's waiting requests at once. */
const mostWaiting = 100

const waiting = new Map<string, number>()

/**
 * Returns when the run is in another state than `known` (than now, when it is null), has ended or is not there, when the
 * time is over, or when nobody waits any more.
 */
export async function waitForRun(
  studio: Pick<Studio, 'db' | 'events' | 'closing'>,
  caller: Caller,
  run: { id: string; where: Prisma.RunWhereInput },
  { seconds, known }: { seconds: number; known: RunStatus | null },
  gone: AbortSignal,
): Promise<void> {
  const others = waiting.get(caller.memberId) ?? 0
  if (others >= mostWaiting)
    throw new ProblemError('too-many-attempts', `You wait for ${others} runs already.`, {
      remedy: 'Wait for fewer at once, or take a callback or the event stream.',
      retryAfterSeconds: 5,
    })
  waiting.set(caller.memberId, others + 1)
  let changed = false
  let wake = () => {}
  const stopWatching = studio.events.watch(run.id, (events) => {
    if (!events.some((event) => event.type === 'run-status')) return
    changed = true
    wake()
  })
  const over = AbortSignal.any([gone, studio.closing, AbortSignal.timeout(seconds * 1000)])
  try {
    let before = known
    for (;;) {
      changed = false
      const now = await studio.db.run.findFirst({ where: run.where, select: { status: true } })
      if (!now || isFinal(now.status) || (before !== null && now.status !== before)) return
      before = now.status
      await new Promise<void>((resolve) => {
        wake = resolve
        over.addEventListener('abort', () => resolve(), { once: true })
        if (changed || over.aborted) resolve()
      })
      if (over.aborted) return
    }
  } finally {
    stopWatching()
    const left = (waiting.get(caller.memberId) ?? 1) - 1
    if (left > 0) waiting.set(caller.memberId, left)
    else waiting.delete(caller.memberId)
  }
}
