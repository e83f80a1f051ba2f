/** The only place where activities are proxied: on which queue, how long, how often again, and why. */
import type { Bookkeeping, CallActivities } from '@defect-studio/nodes'
import { failureTypes } from '@defect-studio/nodes'
import {
  ActivityCancellationType,
  ActivityFailure,
  proxyActivities,
  proxyLocalActivities,
  TimeoutFailure,
  type RetryPolicy,
} from '@temporalio/workflow'
import { gpuTaskQueue, ioTaskQueue, serverTaskQueue } from './run-messages.ts'
import type { CallOrder } from './world.ts'

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

/** A chunk that fails as a whole is tried so often; then each of its calls is tried by itself. */
const chunkAttempts = 3

/** Short transactions. While PostgreSQL is away they are tried on, in place, so that the run only waits. */
export const localBooks = proxyLocalActivities<Bookkeeping>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '10 minutes',
  retry: {
    initialInterval: '100 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '5 seconds',
    nonRetryableErrorTypes,
  },
})

/** A machine that has the model loaded is waited for so long; then any will do. */
const serverWait = 15_000

/** Whose turn it is where work waits. */
export interface Turn {
  /** 1 … 5, at this moment. */
  priority(): number
  departmentId: string
}

/**
 * Has calls done by one worker, on the machine that has their model if it is free soon. Work that was given back
 * before anybody began it is asked for again: at a machine that was waited for in vain any other will do, and whoever
 * changes the priority of a run gives back what waits (`scheduleToStartTimeout` of an activity can be set from
 * outside, its priority cannot), so that it waits in its new place.
 */
export async function sendCalls(order: CallOrder, turn: Turn): ReturnType<CallActivities['runCalls']> {
  const { lane, server, calls } = order
  const anywhere = lane === 'io' ? ioTaskQueue : gpuTaskQueue
  const isPreferred = lane === 'gpu' && server !== undefined
  for (let queue = isPreferred ? serverTaskQueue(server) : anywhere; ; queue = anywhere)
    try {
      return await on(queue, order, turn, queue === anywhere ? undefined : serverWait).runCalls({ calls })
    } catch (error) {
      if (!wasNotBegun(error)) throw error
    }
}

function on(
  taskQueue: string,
  { lane, pictures, calls, attempts, summary }: CallOrder,
  { priority, departmentId }: Turn,
  scheduleToStartTimeout?: number,
) {
  const most = calls.length > 1 ? chunkAttempts : retry.maximumAttempts
  return proxyActivities<CallActivities>({
    taskQueue,
    // One picture of a large model with 150 steps on a processor without a GPU stays below ten minutes, and so does
    // whatever an `io` call does with one thing.
    startToCloseTimeout: `${10 * Math.max(1, pictures)} minutes`,
    // Workers beat every second, whatever they do. Ten seconds without a beat mean that the process is gone.
    heartbeatTimeout: '10 seconds',
    ...(scheduleToStartTimeout === undefined ? {} : { scheduleToStartTimeout }),
    // Whether tokens are captured or given back is decided by what the worker did, not by what it was told.
    cancellationType:
      lane === 'gpu'
        ? ActivityCancellationType.WAIT_CANCELLATION_COMPLETED
        : ActivityCancellationType.TRY_CANCEL,
    retry: { ...retry, maximumAttempts: Math.max(1, Math.min(attempts ?? 30, most ?? 30)) },
    priority: { priorityKey: priority(), fairnessKey: `dept:${departmentId}`, fairnessWeight: 1 },
    summary,
  })
}

const wasNotBegun = (error: unknown) =>
  error instanceof ActivityFailure &&
  error.cause instanceof TimeoutFailure &&
  error.cause.timeoutType === 'SCHEDULE_TO_START'
