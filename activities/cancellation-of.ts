/** Tells work that was stopped from work that failed: an aborted signal ends both as an error. */
import { StudioError } from '@defect-studio/nodes'
import { cancellationDetails, cancellationSignal } from '@temporalio/activity'
import { CancelledFailure } from '@temporalio/common'

/**
 * Work that ended because it was told to end: as a cancellation if the run was cancelled, as something to be tried
 * elsewhere if it is this worker that goes away.
 * @returns undefined for an error of another kind.
 */
export function cancellationOf(error: unknown): CancelledFailure | StudioError | undefined {
  const signal = cancellationSignal()
  const isStopped = error instanceof CancelledFailure || (signal.aborted && isAbort(error, signal))
  if (!isStopped) return undefined
  if (cancellationDetails()?.cancelRequested)
    return error instanceof CancelledFailure ? error : new CancelledFailure('The run was cancelled.')
  return new StudioError('unavailable', 'The worker was stopped before it had finished.')
}

const isAbort = (error: unknown, signal: AbortSignal) =>
  error === signal.reason || (error instanceof Error && error.name === 'AbortError')
