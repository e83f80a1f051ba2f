/** One node of a run: works on each of its items and says what flows on. */
import type { Flow, Way } from './flow.ts'
import { failureOf } from './failure-of.ts'
import { arriveInputs } from './arrive-inputs.ts'
import { countEnds, stateOf, type ItemEnd } from './item-end.ts'
import { mapItem } from './map-item.ts'
import { failedNode, markEnd, stoppedNode, wayBehind } from './node-end.ts'
import { pairItems, type ItemGroup } from './pair-items.ts'
import type { ReadNode } from './read-plan.ts'
import { runItems } from './run-items.ts'
import { runPinned } from './run-pinned.ts'
import { runWhole } from './run-whole.ts'
import type { Inputs, NodeEnd } from './walk-plan.ts'
import type { World } from './world.ts'

/** Never rejects: whatever goes wrong is the node's failure. */
export async function runNode(world: World, node: ReadNode, inputs: Inputs): Promise<NodeEnd> {
  const end = await kindOf(node)(world, node, inputs).catch((error: unknown) =>
    world.isStop(error) ? stoppedNode() : failedNode(world, node, failureOf(error)),
  )
  markEnd(world, node, end)
  return end
}

function kindOf({ planned, definition }: ReadNode): typeof runMap {
  if (planned.pinned) return runPinned
  return definition.kind === 'whole' ? runWhole : runMap
}

/** Once for each item that comes in, or that the list of a source names. */
async function runMap(world: World, node: ReadNode, inputs: Inputs): Promise<NodeEnd> {
  const paired = await groupsOf(world, node, inputs)
  if (!paired.ok) return failedNode(world, node, paired.failure)
  const work = mapItem(world, node)
  const ends = await world.spread(paired.groups, (groups) => runItems(world, node, groups, work))
  const counts = countEnds(ends)
  const way = wayBehind(inputs, counts, node.planned.onFailure)
  return {
    ...stateOf(counts, node.planned.onFailure),
    outputs: flowsOf(node, ends, paired.many, way),
    way,
    counts,
  }
}

type Groups = ReturnType<typeof pairItems>

async function groupsOf(world: World, node: ReadNode, inputs: Inputs): Promise<Groups> {
  const { planned, definition } = node
  const arrived = await arriveInputs(world, node, inputs)
  if (definition.kind !== 'source' || !planned.collection) return pairItems(planned.id, arrived)
  const shared = pairItems(planned.id, arrived)
  if (!shared.ok) return shared
  const fromEdges = shared.groups[0]?.inputs ?? {}
  const items = await world.readSource(planned)
  return { ok: true, many: true, groups: items.map((item): ItemGroup => ({ ...item, inputs: fromEdges })) }
}

function flowsOf(
  { definition }: ReadNode,
  ends: readonly ItemEnd[],
  many: boolean,
  way: Way,
): NodeEnd['outputs'] {
  return Object.fromEntries(
    Object.entries(definition.outputs).map(([port, { sometimes }]): [string, Flow] => {
      const each = ends.flatMap((end) => (end.state === 'succeeded' ? [end.outputs[port] ?? []] : []))
      const wentElsewhere = sometimes === true && each.some((items) => items.length === 0)
      return [
        port,
        {
          many: many || each.some((items) => items.length > 1),
          items: each.flat(),
          partial: way.partial || wentElsewhere,
          broken: way.broken,
        },
      ]
    }),
  )
}
