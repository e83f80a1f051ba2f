/** Turns a flat graph, and what is known of the world, into a plan, or into the full list of what stands in the way. */
import { z } from 'zod'
import { createCompareNames } from './compile/compare-names.ts'
import { findSegments, type Segmented } from './compile/find-segments.ts'
import {
  mappedLanes,
  pinnedLanes,
  sourceLanes,
  wholeLanes,
  type InputLane,
  type KnownList,
  type NodeLanes,
} from './compile/lanes.ts'
import { knownNames, unknownNames } from './compile/name-list.ts'
import type { NodeDefinition } from './define-node.ts'
import type { FlatEdge, FlatGraph, FlatNode } from './flatten/flat-graph.ts'
import { JsonValue } from './json-value.ts'
import { linkablePorts, paramHandle } from './link-params.ts'
import { findDefinition } from './node-definitions.ts'
import { NamedCollection } from './params.ts'
import { isShown, paramMeta } from './param-meta.ts'
import { planVersion, type Plan, type PlannedNode } from './plan.ts'
import { maxCollectionItems, type CollectionRef } from './ports.ts'
import type { Prices } from './prices.ts'
import type { GraphProblem } from './problem.ts'
import { sortNodes } from './sort-nodes.ts'

/** A run's plan travels through its history, where one value may have 2 MiB at most. */
export const maxPlanBytes = 1_000_000

/**
 * The most steps of one run outside its batches. A step leaves about 7 events in the run's own history, which a worker
 * replays at about 2,900 a second: 2,000 steps are replayed within the 10 s that a workflow task has.
 */
export const maxInlineSteps = 2000

/** What only the world knows, looked up before the plan is made: the compiler itself asks nobody. */
export interface PlanFacts {
  /**
   * A random whole number in 0 … 2^32 - 1; called once for each empty seed that has an effect, in the order of the
   * plan, so that the plan is the only place where chance enters a run.
   */
  drawSeed(): number
  /** `nodeId.field` → the seed that an earlier run drew: kept instead of drawing. */
  seeds?: ReadonlyMap<string, number>
  /** For every node of kind `source`: the list that it maps over. */
  lists: ReadonlyMap<string, { collection: CollectionRef; names: readonly string[] }>
  /** Model id → digest of its files; null where nobody has said. */
  models: ReadonlyMap<string, { digest: string | null }>
  prices: Prices
  priceVersion: number
  /** The run whose settled results are taken over where nothing changed. */
  carryFrom?: string | null
  /** Results of other runs are not looked for. */
  fresh?: boolean
}

export type CompiledPlan = { ok: true; plan: Plan } | { ok: false; problems: GraphProblem[] }

interface Draft {
  node: FlatNode
  definition: NodeDefinition
  params: Record<string, unknown>
  inputs: InputLane[]
  lanes: NodeLanes
  list: KnownList | null
  fanOut: number
}

/** @param flat from `prepareGraph`: params, ports and edges are right. */
export function compilePlan(flat: FlatGraph, facts: PlanFacts): CompiledPlan {
  const problems: GraphProblem[] = []
  const compare = createCompareNames()
  const drafts = new Map<string, Draft>()
  const edgesInto = new Map<string, FlatEdge[]>(flat.nodes.map((node) => [node.id, []]))
  for (const edge of flat.edges) edgesInto.get(edge.target)?.push(edge)
  for (const node of sortNodes(flat.nodes, flat.edges).sorted) {
    const definition = findDefinition(node.type)
    if (!definition) continue // checkGraph has reported it
    const edges = edgesInto.get(node.id) ?? []
    const params = paramsOf(node, definition, edges, facts)
    const inputs = inputLanes(definition, edges, drafts)
    if (!inputs) continue // its source has a problem of its own
    const fanOut = definition.fanOut?.(params) ?? 1
    const list = definition.kind === 'source' ? listOf(node, params, facts) : null
    if (definition.kind === 'source' && !list && !node.pinned) {
      problems.push(missingList(node, definition))
      continue
    }
    const traced = trace(node, definition, params, fanOut, inputs, list)
    if (!traced.ok) {
      problems.push(traced.problem)
      continue
    }
    const { lanes } = traced
    const most = Math.max(lanes.items, ...Object.values(lanes.outputs).map((lane) => lane.list.count))
    if (most > maxCollectionItems) {
      problems.push({
        code: 'too-many-items',
        nodeId: node.id,
        message: `This node would make ${most} items; one run may have ${maxCollectionItems} at a place.`,
        remedy: 'Split the folder, or ask for fewer pictures each.',
      })
      continue
    }
    drafts.set(node.id, { node, definition, params, inputs, lanes, list, fanOut })
  }
  if (problems.length > 0) return { ok: false, problems }

  const sorted = [...drafts.values()]
  const segments = findSegments(sorted.map(segmented), compare)
  problems.push(...segments.problems)
  const nodes = sorted.map((draft) => planned(draft, segments.of.get(draft.node.id) ?? null, facts))
  const steps = nodes.reduce((sum, node) => (node.segment || node.pinned ? sum : sum + node.items), 0)
  if (steps > maxInlineSteps)
    problems.push({
      code: 'too-many-items',
      message: `This run would have ${steps} steps outside its batches (nodes times items); one run may have ${maxInlineSteps}.`,
      remedy: 'Split the graph, or give its lists together so that they go in a batch.',
    })
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
  const bytes = utf8Bytes(JSON.stringify(plan))
  if (bytes > maxPlanBytes)
    problems.push({
      code: 'graph-too-large',
      message: `The params of this graph have ${bytes} bytes; one run may have ${maxPlanBytes}.`,
      remedy: 'Shorten the prompts, or split the graph.',
    })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, plan }

  function trace(
    node: FlatNode,
    definition: NodeDefinition,
    params: Record<string, unknown>,
    fanOut: number,
    inputs: readonly InputLane[],
    list: KnownList | null,
  ): ReturnType<typeof mappedLanes> {
    if (node.pinned) return { ok: true, lanes: pinnedLanes(node.id, node.pinned) }
    if (list) return { ok: true, lanes: sourceLanes(definition, fanOut, list) }
    if (definition.kind === 'whole')
      return { ok: true, lanes: wholeLanes(node.id, definition, params, inputs) }
    return mappedLanes(node, definition, params, fanOut, inputs, compare)
  }
}

/** Parsed, with every seed that has an effect and that no edge feeds. */
function paramsOf(
  node: FlatNode,
  definition: NodeDefinition,
  edges: readonly FlatEdge[],
  facts: PlanFacts,
): Record<string, unknown> {
  const parsed = definition.params.safeParse(node.params)
  // What is pinned does not run: its params need not be right.
  const params: Record<string, unknown> = parsed.success ? parsed.data : definition.params.parse({})
  if (node.pinned) return params
  const linked = new Set(edges.map((edge) => edge.targetHandle))
  for (const [field, meta] of paramMeta(definition))
    if (
      meta.widget === 'seed' &&
      params[field] === null &&
      isShown(meta, params) &&
      !linked.has(paramHandle(field))
    )
      params[field] = facts.seeds?.get(`${node.id}.${field}`) ?? facts.drawSeed()
  return params
}

/** In the order of the definition, which decides which of them gives the items their names; then linked params. */
function inputLanes(
  definition: NodeDefinition,
  edges: readonly FlatEdge[],
  drafts: ReadonlyMap<string, Draft>,
): InputLane[] | null {
  const byHandle = new Map(edges.map((edge) => [edge.targetHandle, edge]))
  const ports = [
    ...Object.entries(definition.inputs),
    ...Object.entries(linkablePorts(definition)).map(([field, port]) => [paramHandle(field), port] as const),
  ]
  const lanes: InputLane[] = []
  for (const [port, { type }] of ports) {
    const edge = byHandle.get(port)
    if (!edge) continue
    const lane = drafts.get(edge.source)?.lanes.outputs[edge.sourceHandle]
    if (!lane) return null
    lanes.push({ ...lane, port, type, source: { nodeId: edge.source, port: edge.sourceHandle } })
  }
  return lanes
}

function listOf(node: FlatNode, params: Record<string, unknown>, facts: PlanFacts): KnownList | null {
  const known = facts.lists.get(node.id)
  if (known) return known
  // A stored list says how long it is, even where nobody has read the names.
  for (const value of Object.values(params)) {
    const stored = NamedCollection.safeParse(value)
    if (!stored.success) continue
    const { name: _name, ...collection } = stored.data
    return { collection, names: null }
  }
  return null
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
    list: list && !node.pinned ? namesOf(list) : null,
  }
}

const namesOf = ({ collection, names }: KnownList) =>
  names ? knownNames(collection.key, names) : unknownNames(collection.key, collection.count)

function planned(
  { node, definition, params, inputs, lanes, list, fanOut }: Draft,
  segment: string | null,
  facts: PlanFacts,
): PlannedNode {
  const model = modelOf(definition, params)
  const pinned =
    node.pinned &&
    Object.fromEntries(
      Object.entries(node.pinned).map(([port, items]) => [
        port,
        items.map((item, index) => ({ ...item, index })),
      ]),
    )
  return {
    id: node.id,
    type: node.type,
    version: definition.version,
    title: node.title ?? definition.title,
    params: z.record(z.string(), JsonValue).parse(params),
    inputs: Object.fromEntries(inputs.map(({ port, source }) => [port, source])),
    price: definition.price(params, facts.prices),
    items: lanes.items,
    fanOut,
    ...(list && !pinned ? { collection: list.collection } : {}),
    ...(pinned ? { pinned } : {}),
    onFailure: node.onFailure ?? 'skip-dependents',
    attempts: node.attempts ?? null,
    modelDigest: model === null ? null : (facts.models.get(model)?.digest ?? null),
    model,
    segment,
  }
}

/** The model that the node uses; what its form hides it does not use. */
function modelOf(definition: NodeDefinition, params: Record<string, unknown>): string | null {
  for (const [field, meta] of paramMeta(definition)) {
    const model = params[field]
    if (meta.widget === 'model' && isShown(meta, params) && typeof model === 'string') return model
  }
  return null
}

/** How many bytes a text has in UTF-8; this room has no encoder. */
function utf8Bytes(text: string): number {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return bytes
}
