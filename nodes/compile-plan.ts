/** Turns a flat graph, and what is known of the world, into a plan, or into the full list of what stands in the way. */
import { createCompareNames, type CompareNames } from './compile/compare-names.ts'
import { inputLanes, listOf, paramsOf, type Draft } from './compile/draft.ts'
import { findSegments, type Segmented } from './compile/find-segments.ts'
import { listNames, mappedLanes, pinnedLanes, sourceLanes, wholeLanes, type Traced } from './compile/lanes.ts'
import type { PlanFacts } from './compile/plan-facts.ts'
import { planNode } from './compile/plan-node.ts'
import type { NodeDefinition } from './define-node.ts'
import type { FlatEdge, FlatGraph, FlatNode } from './flatten/flat-graph.ts'
import { findDefinition } from './node-definitions.ts'
import { planVersion, type Plan, type PlannedNode } from './plan.ts'
import { maxCollectionItems } from './ports.ts'
import type { GraphProblem } from './problem.ts'
import { sortNodes } from './sort-nodes.ts'
import { utf8Bytes } from './utf8-bytes.ts'

/** A run's plan travels through its history, where one value may have 2 MiB at most. */
export const maxPlanBytes = 1_000_000

/**
 * The most steps of one run outside its batches. A step leaves about 7 events in the run's own history, which a worker
 * replays at about 2,900 a second: 2,000 steps are replayed within the 10 s that a workflow task has.
 */
export const maxInlineSteps = 2000

export type CompiledPlan = { ok: true; plan: Plan } | { ok: false; problems: GraphProblem[] }

/**
 * Every mismatch of names and every place with too many items is found at once; what the plan as a whole is too large
 * for, only once there is one.
 * @param flat from `prepareGraph`: params, ports and edges are right.
 */
export function compilePlan(flat: FlatGraph, facts: PlanFacts): CompiledPlan {
  const compare = createCompareNames()
  const { drafts, problems } = draftNodes(flat, facts, compare)
  if (problems.length > 0) return { ok: false, problems }
  const segments = findSegments(drafts.map(segmented), compare)
  const nodes = drafts.map((draft) => planNode(draft, segments.of.get(draft.node.id) ?? null, facts))
  const plan: Plan = {
    planVersion,
    nodes,
    segments: segments.segments,
    outputs: flat.outputs,
    quote: nodes.reduce((sum, node) => (node.pinned ? sum : sum + node.price * node.items), 0),
    priceVersion: facts.priceVersion,
    carryFrom: facts.carryFrom ?? null,
    fresh: facts.fresh ?? false,
  }
  const refusals = [...segments.problems, ...tooManySteps(nodes), ...tooManyBytes(plan)]
  return refusals.length > 0 ? { ok: false, problems: refusals } : { ok: true, plan }
}

/** In topological order; a node behind one that has a problem is left out, for nothing can be said of it. */
function draftNodes(
  flat: FlatGraph,
  facts: PlanFacts,
  compare: CompareNames,
): { drafts: Draft[]; problems: GraphProblem[] } {
  const problems: GraphProblem[] = []
  const drafts = new Map<string, Draft>()
  const edgesInto = new Map<string, FlatEdge[]>(flat.nodes.map((node) => [node.id, []]))
  for (const edge of flat.edges) edgesInto.get(edge.target)?.push(edge)
  for (const node of sortNodes(flat.nodes, flat.edges).sorted) {
    const definition = findDefinition(node.type)
    const edges = edgesInto.get(node.id) ?? []
    const inputs = definition && inputLanes(definition, edges, drafts)
    if (!definition || !inputs) continue
    const params = paramsOf(node, definition, edges, facts)
    const known = {
      ...{ node, definition, params, inputs },
      fanOut: definition.fanOut?.(params) ?? 1,
      list: definition.kind === 'source' ? listOf(node, params, facts) : null,
    }
    const traced = trace(known, compare)
    if (traced.ok) drafts.set(node.id, { ...known, lanes: traced.lanes })
    else problems.push(traced.problem)
  }
  return { drafts: [...drafts.values()], problems }
}

function trace(draft: Omit<Draft, 'lanes'>, compare: CompareNames): Traced {
  const traced = lanesOf(draft, compare)
  if (!traced.ok) return traced
  const { items, outputs } = traced.lanes
  const most = Math.max(items, ...Object.values(outputs).map((lane) => lane.list.count))
  if (most <= maxCollectionItems) return traced
  return {
    ok: false,
    problem: {
      code: 'too-many-items',
      nodeId: draft.node.id,
      message: `This node would make ${most} items; one run may have ${maxCollectionItems} at a place.`,
      remedy: 'Split the folder, or ask for fewer pictures each.',
    },
  }
}

function lanesOf(draft: Omit<Draft, 'lanes'>, compare: CompareNames): Traced {
  const { node, definition, params, inputs, list, fanOut } = draft
  if (node.pinned) return { ok: true, lanes: pinnedLanes(node.id, node.pinned) }
  if (definition.kind === 'source')
    return list
      ? { ok: true, lanes: sourceLanes(definition, fanOut, list) }
      : { ok: false, problem: missingList(node, definition) }
  if (definition.kind === 'whole') return { ok: true, lanes: wholeLanes(node.id, definition, params, inputs) }
  return mappedLanes(node, definition, params, fanOut, inputs, compare)
}

const missingList = (node: FlatNode, definition: NodeDefinition): GraphProblem => ({
  code: 'missing-list',
  nodeId: node.id,
  message: `"${node.title ?? definition.title}" has no list to work through.`,
  remedy: 'Choose what it should load in the form of the node.',
})

function segmented({ node, definition, inputs, lanes, list }: Draft): Segmented {
  const { title = definition.title, id } = node
  return {
    id,
    title,
    kind: node.pinned ? 'pinned' : (definition.kind ?? 'map'),
    items: lanes.items,
    inputs,
    list: list && !node.pinned ? listNames(list) : null,
  }
}

function tooManySteps(nodes: readonly PlannedNode[]): GraphProblem[] {
  const steps = nodes.reduce((sum, node) => (node.segment || node.pinned ? sum : sum + node.items), 0)
  if (steps <= maxInlineSteps) return []
  return [
    {
      code: 'too-many-items',
      message: `This run would have ${steps} steps outside its batches (nodes times items); one run may have ${maxInlineSteps}.`,
      remedy: 'Split the graph, or give its lists together so that they go in a batch.',
    },
  ]
}

function tooManyBytes(plan: Plan): GraphProblem[] {
  const bytes = utf8Bytes(JSON.stringify(plan))
  if (bytes <= maxPlanBytes) return []
  return [
    {
      code: 'graph-too-large',
      message: `The params of this graph have ${bytes} bytes; one run may have ${maxPlanBytes}.`,
      remedy: 'Shorten the prompts, or split the graph.',
    },
  ]
}
