/** A moment at which everything that can go on has gone on: what belongs together has been asked for by then. */
import { CancellationScope, condition } from '@temporalio/workflow'

/**
 * Conditions are looked at when a workflow has nothing else to do, the same at every replay. Not a timer: it leaves no
 * event and takes no time.
 */
export function drained(): Promise<void> {
  let wasAsked = false
  return CancellationScope.nonCancellable(() =>
    condition(() => {
      const isLater = wasAsked
      wasAsked = true
      return isLater
    }),
  )
}
