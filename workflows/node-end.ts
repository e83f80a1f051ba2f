/** Ends of nodes that are not made of items alone, and what every end means for what comes after it. */
import type { Failure, FailurePolicy } from '@defect-studio/nodes'
import { joinWays, type Way } from './flow.ts'
import { noItems, totalOf, type ItemCounts } from './item-end.ts'
import type { ReadNode } from './read-plan.ts'
import type { Inputs, NodeEnd } from './walk-plan.ts'
import type { World } from './world.ts'

/** What a node hands on of what happened before it and in it. */
export function wayBehind(inputs: Inputs, counts: ItemCounts, policy: FailurePolicy): Way {
  const before = joinWays(Object.values(inputs))
  const lost = counts.failed + counts.cancelled > 0
  return {
    partial: before.partial || lost,
    broken: before.broken || counts.cancelled > 0 || (counts.failed > 0 && policy !== 'continue'),
  }
}

export const stoppedNode = (): NodeEnd => ({
  state: 'cancelled',
  outputs: {},
  way: { partial: true, broken: true },
  counts: { ...noItems, cancelled: 1 },
})

/** The node as such failed, none of its items was tried. */
export function failedNode(world: World, { planned }: ReadNode, failure: Failure): NodeEnd {
  if (planned.onFailure === 'fail-run') world.failRun(planned, failure)
  return {
    state: 'failed',
    failure,
    outputs: {},
    way: { partial: true, broken: planned.onFailure !== 'continue' },
    counts: { ...noItems, failed: 1, failure },
  }
}

/** In a chunk of a batch nobody speaks of the whole node. */
export function markEnd(world: World, { planned }: ReadNode, { state, counts, failure }: NodeEnd): void {
  if (!world.marksNodes) return
  const total = totalOf(counts)
  world.books.note({
    kind: 'mark',
    nodeId: planned.id,
    state,
    itemsTotal: total > 0 ? total : planned.items,
    ...(failure ? { failure } : {}),
  })
}
