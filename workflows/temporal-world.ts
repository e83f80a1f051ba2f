/** The interpreter's world as Temporal gives it. */
import { failureTypes, type BegunRun } from '@defect-studio/nodes'
import { condition, isCancellation, sleep } from '@temporalio/workflow'
import { localBooks, sendCalls } from './activity-proxies.ts'
import { drained } from './drained.ts'
import { failureOf } from './failure-of.ts'
import { foundFirst } from './found-first.ts'
import { always, untilNotPaused, type OpenRun } from './open-run.ts'
import { waitForReview } from './wait-for-review.ts'
import type { World } from './world.ts'

/** What differs between a run that goes item by item and a chunk of a batch. */
export type Manner = Pick<World, 'readSource' | 'readList' | 'spread' | 'worked' | 'marksNodes'> & {
  /** 1 … 5, at this moment. */
  priority(): number
  /** A node has begun (+1) or ended (-1) to wait for people. */
  onReview(change: 1 | -1): void
}

/** Whether trying again might have mended it: the server tries nothing again that was asked to stop. */
const isLeftUntried = (error: unknown): boolean => failureTypes[failureOf(error).type].retryable

export function createTemporalWorld(run: OpenRun, begun: BegunRun, manner: Manner): World {
  const { work, books, runId } = run
  const { priority, onReview, ...own } = manner
  const { departmentId } = begun
  const isStopped = () => work.consideredCancelled
  return {
    ...own,
    runId,
    books: foundFirst(books, begun.found ?? []),
    fresh: begun.plan.fresh,
    drained,
    ready: () => untilNotPaused(run),
    sleep: (milliseconds) => work.run(() => sleep(milliseconds)),
    isStopped,
    isStop: (error) => isStopped() && (isCancellation(error) || isLeftUntried(error)),
    send: (order) => work.run(() => sendCalls(order, { priority, departmentId })),
    now: () => Date.now(),
    gather: (nodeId, port) => books.call(() => always(() => localBooks.gather({ runId, nodeId, port }))),
    failRun(node, failure) {
      if (isStopped()) return
      run.failed = { node, failure }
      work.cancel()
    },
    async waitForReview({ reviewId, ...review }) {
      onReview(1)
      try {
        await waitForReview(review, () =>
          work.run(() => condition(() => run.reviewed.has(reviewId), '1 hour')),
        )
      } finally {
        onReview(-1)
      }
    },
  }
}
