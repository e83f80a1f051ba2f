/** A segment of a run: a workflow of its own works through it in chunks; here its totals become ends of nodes. */
import type { Segment } from '@defect-studio/nodes'
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  startChild,
  type ChildWorkflowHandle,
} from '@temporalio/workflow'
import { failureOf } from './failure-of.ts'
import { isEmptyFlow, noFlow, type Flow } from './flow.ts'
import { noItems, stateOf, type ItemCounts } from './item-end.ts'
import { failedNode, markEnd, stoppedNode, wayBehind } from './node-end.ts'
import type { OpenRun } from './open-run.ts'
import type { ReadNode } from './read-plan.ts'
import { batchWorkflowId, controlSignal } from './run-messages.ts'
import type { BatchResult, PrimaryList, runBatch } from './run-batch.ts'
import { flowKey, type Inputs, type NodeEnd } from './walk-plan.ts'
import type { World } from './world.ts'

type Ends = Map<string, NodeEnd>

interface Place {
  run: OpenRun
  world: World
}

/** @param entering what comes from outside, by `flowKey`. Never rejects. */
export async function runSegment(
  { run, world }: Place,
  segment: Segment,
  nodes: readonly ReadNode[],
  entering: ReadonlyMap<string, Flow>,
): Promise<Ends> {
  try {
    if (world.isStopped()) return all(world, nodes, stoppedNode)
    const outside = await storedFlows(world, entering)
    const primary = primaryList(nodes, outside)
    if (!primary) return skipAll(world, nodes, outside)
    return endsOf(world, nodes, outside, await runChild(run, segment, primary, outside))
  } catch (error) {
    if (world.isStopped()) return all(world, nodes, stoppedNode)
    const failure = failureOf(error)
    return all(world, nodes, (node) => failedNode(world, node, failure))
  }
}

/** Lists do not travel to the child: it reads its part of each. */
async function storedFlows(world: World, entering: ReadonlyMap<string, Flow>): Promise<Map<string, Flow>> {
  const stored = new Map<string, Flow>()
  for (const [key, flow] of entering) {
    const isHere = !flow.many || isEmptyFlow(flow) || (flow.stored !== undefined && flow.stored !== 'rows')
    if (isHere) stored.set(key, flow)
    else {
      const [nodeId = '', port = ''] = key.split(' ')
      const list = await world.gather(nodeId, port)
      stored.set(key, list ? { ...flow, items: [], stored: list } : noFlow(flow))
    }
  }
  return stored
}

/**
 * The list whose slices are the chunks: of those that stand at the beginning of the segment the longest, for the
 * others hold names of it.
 */
export function primaryList(
  nodes: readonly ReadNode[],
  outside: ReadonlyMap<string, Flow>,
): PrimaryList | null {
  const inside = new Set(nodes.map(({ planned }) => planned.id))
  const lists = nodes.flatMap(({ planned, definition }): PrimaryList[] => {
    const sources = Object.values(planned.inputs)
    if (definition.kind === 'source')
      return planned.collection ? [{ nodeId: planned.id, list: planned.collection }] : []
    if (sources.some(({ nodeId }) => inside.has(nodeId))) return []
    return sources.flatMap(({ nodeId, port }) => {
      const stored = outside.get(flowKey(nodeId, port))?.stored
      return stored !== undefined && stored !== 'rows' ? [{ nodeId: null, list: stored }] : []
    })
  })
  const longest = Math.max(0, ...lists.map(({ list }) => list.count))
  return lists.find(({ list }) => list.count === longest) ?? null
}

async function runChild(
  run: OpenRun,
  segment: Segment,
  primary: PrimaryList,
  outside: ReadonlyMap<string, Flow>,
): Promise<BatchResult> {
  const child = await run.work.run(() =>
    startChild<typeof runBatch>('runBatch', {
      workflowId: batchWorkflowId(run.runId, segment.id),
      args: [{ runId: run.runId, segmentId: segment.id, primary, outside: [...outside] }],
      // What is under way is settled before the run says that it is cancelled.
      cancellationType: ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    }),
  )
  const forward = forwardTo(run, child)
  try {
    return await child.result()
  } finally {
    run.onControl.splice(run.onControl.indexOf(forward), 1)
  }
}

/** What comes too late for the child is not needed by it any more. */
function forwardTo(run: OpenRun, child: ChildWorkflowHandle<typeof runBatch>): OpenRun['onControl'][number] {
  const forward: OpenRun['onControl'][number] = (message) =>
    void child.signal(controlSignal, message).catch(() => {})
  run.onControl.push(forward)
  return forward
}

function endsOf(
  world: World,
  nodes: readonly ReadNode[],
  outside: ReadonlyMap<string, Flow>,
  { totals, isComplete, failed }: BatchResult,
): Ends {
  const counts = new Map(totals)
  const ends: Ends = new Map()
  for (const node of nodes) {
    const { planned, definition } = node
    const inputs: Inputs = Object.fromEntries(
      Object.entries(planned.inputs).map(([port, from]) => {
        const end = ends.get(from.nodeId)
        const flow = end ? end.outputs[from.port] : outside.get(flowKey(from.nodeId, from.port))
        return [port, flow ?? noFlow(end?.way ?? { partial: true, broken: true })]
      }),
    )
    const own: ItemCounts = counts.get(planned.id) ?? noItems
    // Chunks that were not begun have no items to count.
    const state =
      isComplete || own.failure ? stateOf(own, planned.onFailure) : { state: 'cancelled' as const }
    const way = wayBehind(inputs, own, planned.onFailure)
    const outputs = Object.fromEntries(
      Object.entries(definition.outputs).map(([port, { sometimes }]): [string, Flow] => {
        const behind = { ...way, partial: way.partial || sometimes === true }
        const rows: Flow = { many: true, items: [], stored: 'rows', ...behind }
        return [port, own.succeeded > 0 ? rows : noFlow(behind)]
      }),
    )
    const end: NodeEnd = { ...state, outputs, way, counts: own }
    ends.set(planned.id, end)
    markEnd(world, node, end)
    if (failed?.nodeId === planned.id) world.failRun(planned, failed.failure)
  }
  return ends
}

function skipAll(world: World, nodes: readonly ReadNode[], outside: ReadonlyMap<string, Flow>): Ends {
  const empty = [...outside.values()].filter(isEmptyFlow)
  const way = { partial: true, broken: empty.some(({ broken }) => broken) }
  return all(world, nodes, () => ({ state: 'skipped', outputs: {}, way, counts: noItems }))
}

function all(world: World, nodes: readonly ReadNode[], endOf: (node: ReadNode) => NodeEnd): Ends {
  return new Map(
    nodes.map((node) => {
      const end = endOf(node)
      markEnd(world, node, end)
      return [node.planned.id, end]
    }),
  )
}
