/** The only place where activities are proxied: on which queue, how long, how often again, and why. */
import type {
  Activities,
  Bookkeeping,
  InferenceActivities,
  IoActivities,
  TaskRef,
  WithTask,
} from '@defect-studio/nodes'
import { failureTypes } from '@defect-studio/nodes'
import {
  ActivityCancellationType,
  CancellationScope,
  proxyActivities,
  proxyLocalActivities,
  type RetryPolicy,
} from '@temporalio/workflow'
import { gpuTaskQueue, ioTaskQueue } from './run-messages.ts'

const nonRetryableErrorTypes = Object.entries(failureTypes)
  .filter(([, { retryable }]) => !retryable)
  .map(([type]) => type)

/**
 * A service that was killed is back within a minute or two: 30 tries reach over 12 minutes. A picture that brings its
 * worker down is given up sooner, by the worker itself.
 */
const retry: RetryPolicy = {
  initialInterval: '1 second',
  backoffCoefficient: 2,
  maximumInterval: '30 seconds',
  maximumAttempts: 30,
  nonRetryableErrorTypes,
}

/** Short transactions. While PostgreSQL is away they are tried on, in place, so that the run only waits. */
const localActivities = proxyLocalActivities<Bookkeeping>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '10 minutes',
  retry: {
    initialInterval: '100 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '5 seconds',
    nonRetryableErrorTypes,
  },
})

/**
 * The books of one run, written one line after the other. In turn, because replay hands out the results of local
 * activities in the order in which they were called: were several under way at once, and did the second end
 * first, the steps that follow would come in another order than they did. Never cancelled: what happens to
 * money is written down whatever becomes of the run.
 */
export function createBooks(): Bookkeeping {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn =
    <I, R>(write: (input: I) => Promise<R>) =>
    (input: I): Promise<R> => {
      const turn = last.then(() => CancellationScope.nonCancellable(() => write(input)))
      last = turn.catch(() => {})
      return turn
    }
  return {
    beginRun: inTurn(localActivities.beginRun),
    markNode: inTurn(localActivities.markNode),
    prepareItem: inTurn(localActivities.prepareItem),
    settleItem: inTurn(localActivities.settleItem),
    abandonItem: inTurn(localActivities.abandonItem),
    endRun: inTurn(localActivities.endRun),
  }
}

const io = proxyActivities<WithTask<IoActivities>>({
  taskQueue: ioTaskQueue,
  // The longest is to read a list of a thousand names from the store.
  startToCloseTimeout: '1 minute',
  retry,
})

/** @param pictures how many the activity makes, one after the other. */
const inference = (pictures: number) =>
  proxyActivities<WithTask<InferenceActivities>>({
    taskQueue: gpuTaskQueue,
    // One picture of a large model with 150 steps on a processor without a GPU stays below it.
    startToCloseTimeout: `${10 * pictures} minutes`,
    // Workers beat every second, whatever their thread computes. Ten seconds without a beat mean that the process is gone.
    heartbeatTimeout: '10 seconds',
    // Whether the tokens are captured or given back is decided by what the worker did, not by what it was told.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry,
  })

/** What a node's `run` gets: every call says for which piece of the run it is. */
export function activitiesFor(task: TaskRef, pictures: number): Activities {
  const gpu = inference(pictures)
  return {
    listCollection: (input) => io.listCollection(input, task),
    saveToGallery: (input) => io.saveToGallery(input, task),
    makeMask: (input) => gpu.makeMask(input, task),
    drawDefect: (input) => gpu.drawDefect(input, task),
    cleanUp: (input) => gpu.cleanUp(input, task),
    removeBackground: (input) => gpu.removeBackground(input, task),
    suggestPrompts: (input) => gpu.suggestPrompts(input, task),
    upscale: (input) => gpu.upscale(input, task),
    textToImage: (input) => gpu.textToImage(input, task),
    imageToImage: (input) => gpu.imageToImage(input, task),
    inpaint: (input) => gpu.inpaint(input, task),
  }
}
