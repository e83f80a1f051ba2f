/** A node that takes whole lists: it runs once, and what leaves it is a stored list. */
import type { CollectionRef, Item, ItemOutputs } from '@defect-studio/nodes'
import { StudioError } from '@defect-studio/nodes'
import type { Flow } from './flow.ts'
import { noFlow } from './flow.ts'
import { countEnds, stateOf } from './item-end.ts'
import { recipesOf } from './map-item.ts'
import { wayBehind } from './node-end.ts'
import type { ItemGroup } from './pair-items.ts'
import type { ReadNode } from './read-plan.ts'
import { runItems, taskOf, type ItemWork } from './run-items.ts'
import type { Inputs, NodeEnd } from './walk-plan.ts'
import type { World } from './world.ts'

type Lists = Record<string, CollectionRef>

export async function runWhole(world: World, node: ReadNode, inputs: Inputs): Promise<NodeEnd> {
  const { planned, definition } = node
  const lists = await gatherInputs(world, node, inputs)
  const group: ItemGroup = { name: planned.id, index: 0, inputs: asItems(lists) }
  const isEmpty = Object.keys(definition.inputs).length > 0 && Object.keys(lists).length === 0
  const ends = isEmpty ? [] : await runItems(world, node, [group], wholeWork(world, node, lists))
  const counts = countEnds(ends)
  const way = wayBehind(inputs, counts, planned.onFailure)
  const [end] = ends
  const outputs = end?.state === 'succeeded' ? end.outputs : {}
  return {
    ...stateOf(counts, planned.onFailure),
    outputs: Object.fromEntries(
      Object.keys(definition.outputs).map((port): [string, Flow] => {
        const stored = outputs[port]?.[0]?.stored
        // What goes through such a node may become less: who meets it elsewhere by name is not surprised.
        const behind = { ...way, partial: true }
        return [port, stored ? { many: true, items: [], stored, ...behind } : noFlow(behind)]
      }),
    ),
    way,
    counts,
  }
}

/** A list that is stored already is taken as it is; everything else is gathered from the books. */
async function gatherInputs(world: World, { planned, definition }: ReadNode, inputs: Inputs): Promise<Lists> {
  const lists: Lists = {}
  for (const port of Object.keys(definition.inputs)) {
    const flow = inputs[port]
    const from = planned.inputs[port]
    if (!flow || !from) continue
    const stored =
      flow.stored !== undefined && flow.stored !== 'rows'
        ? flow.stored
        : await world.gather(from.nodeId, from.port)
    if (stored) lists[port] = stored
  }
  return lists
}

/** Lists as if they were items, so that what is made of them can be found by them. */
const asItems = (lists: Lists): Record<string, Item> =>
  Object.fromEntries(
    Object.entries(lists).map(([port, list]) => [port, { name: port, value: list.key, index: 0 }]),
  )

type WholeOutputs = Record<string, CollectionRef | null>

function wholeWork(world: World, node: ReadNode, lists: Lists): ItemWork<WholeOutputs> {
  const { planned, definition, params } = node
  return {
    prepared: (group) => ({ index: group.index, name: group.name, ...recipesOf(node, params, group) }),
    async work(group, round) {
      const { runWhole: run } = definition
      if (!run) throw new StudioError('internal', `Node type "${planned.type}" cannot take whole lists.`)
      const activities = round.activitiesFor(taskOf(world, node, group))
      return run({
        inputs: lists,
        params,
        activities,
        waitForReview: (reviewId, remindEveryHours, remind) =>
          world.waitForReview({
            reviewId,
            remindEveryHours,
            remind,
            poll: async () => (await activities.readReview({ reviewId })) !== null,
          }),
      })
    },
    outputsOf: (_group, outputs) => writtenDown(node, outputs),
  }
}

function writtenDown({ planned, definition }: ReadNode, outputs: WholeOutputs): ItemOutputs {
  return Object.fromEntries(
    Object.keys(definition.outputs).map((port) => {
      const stored = outputs[port]
      return [port, stored ? [{ name: planned.id, value: stored.count, index: 0, stored }] : []]
    }),
  )
}
