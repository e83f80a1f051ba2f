/** How an item of a node ended, and what the ends of many mean for the node. */
import type { Failure, FailurePolicy, ItemOutputs } from '@defect-studio/nodes'

export type ItemEnd =
  | { state: 'succeeded'; outputs: ItemOutputs; cached: boolean }
  | { state: 'failed'; failure: Failure }
  | { state: 'cancelled' }

/** Small enough to travel from one run of a batch to the next, however many items there were. */
export interface ItemCounts {
  /** With those that were found. */
  succeeded: number
  /** Found instead of made. */
  cached: number
  failed: number
  cancelled: number
  /** Of the first item that failed. */
  failure?: Failure
}

export const noItems: ItemCounts = { succeeded: 0, cached: 0, failed: 0, cancelled: 0 }

export function countEnds(ends: readonly ItemEnd[]): ItemCounts {
  const counts: ItemCounts = { ...noItems }
  for (const end of ends) {
    counts[end.state] += 1
    if (end.state === 'succeeded' && end.cached) counts.cached += 1
    if (end.state === 'failed') counts.failure ??= end.failure
  }
  return counts
}

export function addCounts(one: ItemCounts, other: ItemCounts): ItemCounts {
  const failure = one.failure ?? other.failure
  return {
    succeeded: one.succeeded + other.succeeded,
    cached: one.cached + other.cached,
    failed: one.failed + other.failed,
    cancelled: one.cancelled + other.cancelled,
    ...(failure ? { failure } : {}),
  }
}

export const totalOf = ({ succeeded, failed, cancelled }: ItemCounts): number =>
  succeeded + failed + cancelled

export type CountedState =
  { state: 'succeeded' | 'cached' | 'skipped' | 'cancelled' } | { state: 'failed'; failure: Failure }

/** A node whose own failure ended the run has failed; one that was stopped with the rest is cancelled. */
export function stateOf(counts: ItemCounts, policy: FailurePolicy): CountedState {
  const { failure } = counts
  if (counts.cancelled > 0 && !(failure && policy === 'fail-run')) return { state: 'cancelled' }
  const total = totalOf(counts)
  if (failure) {
    const message = total === 1 ? failure.message : `${counts.failed} of ${total} failed: ${failure.message}`
    return { state: 'failed', failure: { ...failure, message } }
  }
  if (total === 0) return { state: 'skipped' }
  return { state: counts.cached === total ? 'cached' : 'succeeded' }
}
