/** Says of any error that reaches the interpreter which failure it is, in words for the person who ran the graph. */
import type { Failure, FailureType } from '@defect-studio/nodes'
import { failureTypes, isFailureType, StudioError } from '@defect-studio/nodes'
import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow'

export function failureOf(error: unknown): Failure {
  const cause = rootOf(error)
  if (cause instanceof StudioError) return failure(cause.type, cause.message)
  if (cause instanceof ApplicationFailure)
    return failure(isFailureType(cause.type) ? cause.type : 'internal', cause.message)
  if (cause instanceof TimeoutFailure)
    return failure('unavailable', `The worker stopped answering while it worked on this (${cause.message}).`)
  return failure('internal', cause instanceof Error ? cause.message : String(cause))
}

function failure(type: FailureType, message: string): Failure {
  return { type, message, remedy: failureTypes[type].remedy }
}

/** What Temporal wraps around a failure says only where it happened. */
function rootOf(error: unknown): unknown {
  const isWrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure
  return isWrapped && error.cause ? rootOf(error.cause) : error
}
