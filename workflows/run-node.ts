/** One node of a run: works on each of its items and says what flows on. */
import type { Failure } from '@defect-studio/nodes'
import type { Flow, InputFlow } from './flow.ts'
import { failureOf } from './failure-of.ts'
import { inLanes, itemsPerNode, type Permits } from './in-lanes.ts'
import { pairItems } from './pair-items.ts'
import type { ReadNode } from './read-plan.ts'
import { runItem, type ItemEnd, type ItemRun } from './run-item.ts'
import type { NodeEnd } from './walk-plan.ts'

export interface RunContext extends ItemRun {
  permits: Permits
  /** Writes the node's state for people to see; nobody waits for it but the end of the run. */
  mark(nodeId: string, state: 'running' | NodeEnd['state'], itemsTotal: number, failure?: Failure): void
}

/** Never rejects: whatever goes wrong is the node's failure. */
export async function runNode(
  run: RunContext,
  node: ReadNode,
  inputs: Record<string, Flow>,
): Promise<NodeEnd> {
  const { planned } = node
  const paired = pairItems(planned.id, inputFlows(node, inputs))
  if (!paired.ok) {
    run.mark(planned.id, 'failed', planned.items, paired.failure)
    return { state: 'failed', outputs: {}, failure: paired.failure }
  }
  const { groups, many } = paired
  run.mark(planned.id, 'running', groups.length)
  const ends = await inLanes(groups, itemsPerNode, run.permits, async (group): Promise<ItemEnd> => {
    try {
      return await runItem(run, node, group)
    } catch (error) {
      return { state: 'failed', failure: failureOf(error) }
    }
  })
  const lossy = Object.values(inputs).some(({ partial }) => partial)
  const end = { ...stateOf(ends), outputs: flowsOf(node, ends, many, lossy) }
  run.mark(planned.id, end.state, groups.length, end.failure)
  return end
}

/** The inputs in the order of the definition, which decides which of them gives the items their names. */
function inputFlows({ planned, definition }: ReadNode, inputs: Record<string, Flow>): InputFlow[] {
  return Object.entries(definition.inputs).flatMap(([port, { type }]) => {
    const flow = inputs[port]
    return flow ? [{ port, type, sourceId: planned.inputs[port]?.nodeId ?? '', flow }] : []
  })
}

function flowsOf(
  { definition }: ReadNode,
  ends: readonly ItemEnd[],
  many: boolean,
  lossy: boolean,
): NodeEnd['outputs'] {
  return Object.fromEntries(
    Object.keys(definition.outputs).map((port) => {
      const each = ends.flatMap((end) => (end.state === 'succeeded' ? [end.outputs[port] ?? []] : []))
      return [
        port,
        {
          many: many || each.some((items) => items.length > 1),
          items: each.flat(),
          partial: lossy || each.length < ends.length,
        },
      ]
    }),
  )
}

function stateOf(ends: readonly ItemEnd[]): Pick<NodeEnd, 'state' | 'failure'> {
  if (ends.some(({ state }) => state === 'cancelled')) return { state: 'cancelled' }
  const failures = ends.flatMap((end) => (end.state === 'failed' ? [end.failure] : []))
  const [first] = failures
  if (!first) return { state: 'succeeded' }
  const message =
    ends.length === 1 ? first.message : `${failures.length} of ${ends.length} failed: ${first.message}`
  return { state: 'failed', failure: { ...first, message } }
}
