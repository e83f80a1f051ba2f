/** Walks a plan: each node starts as soon as its inputs have settled. Pure, so that any graph can be tested. */
import type { Failure, PlannedNode, Segment } from '@defect-studio/nodes'
import { isEmptyFlow, joinWays, noFlow, type Flow, type Way } from './flow.ts'
import type { ItemCounts } from './item-end.ts'

/** How a node ended, and what flows on from each of its output ports. */
export interface NodeEnd {
  state: 'succeeded' | 'cached' | 'failed' | 'skipped' | 'cancelled'
  outputs: Record<string, Flow>
  /** For ports that are not in `outputs`: why nothing came. */
  way: Way
  counts: ItemCounts
  failure?: Failure
}

export type Inputs = Record<string, Flow>

export interface NodeRunner {
  /** Runs a node that has what it needs. Never rejects: a failure is an end like any other. */
  run(node: PlannedNode, inputs: Inputs): Promise<NodeEnd>
  /** Runs the nodes of a segment chunk by chunk; what enters it from outside is there. Never rejects. */
  runSegment(segment: Segment, outside: ReadonlyMap<string, Flow>): Promise<ReadonlyMap<string, NodeEnd>>
  /** Ends a node that will not run. */
  pass(node: PlannedNode, state: 'skipped' | 'cancelled', way: Way): NodeEnd
  /** Which of a node's inputs it can do without. */
  needs(node: PlannedNode): Needs
  isStopped(): boolean
}

/** `all`: every connected input that is not optional. `any`: it is enough that one of them has something. */
export type Needs = { kind: 'all'; optional: ReadonlySet<string> } | { kind: 'any' }

export interface Walk {
  /** Sorted: each after what it needs. */
  nodes: readonly PlannedNode[]
  segments: readonly Segment[]
  /** What comes from nodes that are not walked here, by `flowKey`. */
  outside?: ReadonlyMap<string, Flow>
}

export const flowKey = (nodeId: string, port: string): string => `${nodeId} ${port}`

/** @returns how each node ended, in the order of the plan. */
export async function walkPlan({ nodes, segments, outside }: Walk, runner: NodeRunner): Promise<NodeEnd[]> {
  const ends = new Map<string, Promise<NodeEnd>>()
  const segmentEnds = new Map<string, Promise<ReadonlyMap<string, NodeEnd>>>()
  const segmentOf = new Map(
    segments.flatMap((segment) => segment.nodeIds.map((id) => [id, segment] as const)),
  )
  const byId = new Map(nodes.map((node) => [node.id, node]))
  /** Behind every entry of `ends` and `segmentEnds`: they may ask for each other in any order. */
  const begun = Promise.resolve()

  async function flowFrom({ nodeId, port }: PlannedNode['inputs'][string]): Promise<Flow> {
    const end = await ends.get(nodeId)
    if (end) return end.outputs[port] ?? noFlow(end.way)
    return outside?.get(flowKey(nodeId, port)) ?? noFlow({ partial: false, broken: true })
  }

  async function endOf(node: PlannedNode): Promise<NodeEnd> {
    const arrived = await Promise.all(
      Object.entries(node.inputs).map(async ([port, from]) => [port, await flowFrom(from)] as const),
    )
    if (runner.isStopped()) return runner.pass(node, 'cancelled', { partial: true, broken: true })
    const chosen = chooseInputs(arrived, runner.needs(node))
    return chosen.ok ? runner.run(node, chosen.inputs) : runner.pass(node, 'skipped', chosen.way)
  }

  async function endsOf(segment: Segment): Promise<ReadonlyMap<string, NodeEnd>> {
    const inside = new Set(segment.nodeIds)
    const entering = new Map<string, PlannedNode['inputs'][string]>()
    for (const id of segment.nodeIds)
      for (const from of Object.values(byId.get(id)?.inputs ?? {}))
        if (!inside.has(from.nodeId)) entering.set(flowKey(from.nodeId, from.port), from)
    const flows = await Promise.all(
      [...entering].map(async ([key, from]) => [key, await flowFrom(from)] as const),
    )
    return runner.runSegment(segment, new Map(flows))
  }

  for (const segment of segments)
    segmentEnds.set(
      segment.id,
      begun.then(() => endsOf(segment)),
    )
  for (const node of nodes) {
    const segment = segmentOf.get(node.id)
    const chunked = segment && segmentEnds.get(segment.id)
    ends.set(
      node.id,
      chunked
        ? chunked.then(
            (all) => all.get(node.id) ?? runner.pass(node, 'skipped', { partial: true, broken: true }),
          )
        : begun.then(() => endOf(node)),
    )
  }
  return Promise.all(ends.values())
}

type ChosenInputs = { ok: true; inputs: Inputs } | { ok: false; way: Way }

/** A connected input that nothing came out of: what depends on a failed node is not even tried. */
function chooseInputs(arrived: readonly (readonly [string, Flow])[], needs: Needs): ChosenInputs {
  const empty = arrived.filter(([, flow]) => isEmptyFlow(flow))
  const inputs = Object.fromEntries(arrived.filter(([, flow]) => !isEmptyFlow(flow)))
  const way = joinWays(empty.map(([, flow]) => flow))
  const isLacking =
    needs.kind === 'all'
      ? empty.some(([port]) => !needs.optional.has(port))
      : empty.length > 0 && empty.length === arrived.length
  return isLacking || way.broken ? { ok: false, way } : { ok: true, inputs }
}
