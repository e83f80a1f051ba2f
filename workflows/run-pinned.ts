/** A node whose results people have pinned: they flow on as if it had made them, and cost nothing. */
import type { Item, ItemOutputs } from '@defect-studio/nodes'
import { noItems } from './item-end.ts'
import type { ReadNode } from './read-plan.ts'
import type { Inputs, NodeEnd } from './walk-plan.ts'
import type { World } from './world.ts'

export async function runPinned(world: World, { planned }: ReadNode, _inputs: Inputs): Promise<NodeEnd> {
  const outputs: ItemOutputs = Object.fromEntries(
    Object.entries(planned.pinned ?? {}).map(([port, items]) => [port, placed(items)]),
  )
  const nodeId = planned.id
  // Written like any other result, so that pages show it and whole lists can be gathered from it.
  world.books.note({
    kind: 'settle',
    nodeId,
    price: 0,
    items: [{ index: 0, name: nodeId, state: 'succeeded', outputs, worker: null }],
  })
  const way = { partial: false, broken: false }
  return {
    state: 'cached',
    outputs: Object.fromEntries(
      Object.entries(outputs).map(([port, items]) => [port, { many: items.length > 1, items, ...way }]),
    ),
    // What is not pinned of a node that is pinned has nothing.
    way,
    counts: { ...noItems, succeeded: 1, cached: 1 },
  }
}

/** Pins of results keep their places; what somebody wrote by hand is counted through. */
function placed(items: readonly Item[]): Item[] {
  const isOrdered = items.every(({ index }, place) => place === 0 || index > (items[place - 1]?.index ?? 0))
  return isOrdered ? [...items] : items.map((item, index) => ({ ...item, index }))
}
