/** One node while its plan is made: its params with their seeds, what comes in, and the list of a source. */
import type { NodeDefinition } from '../define-node.ts'
import type { FlatEdge, FlatNode } from '../flatten/flat-graph.ts'
import { linkablePorts, paramHandle } from '../link-params.ts'
import { isShown, paramMeta } from '../param-meta.ts'
import { NamedCollection } from '../params.ts'
import type { InputLane, KnownList, NodeLanes } from './lanes.ts'
import type { PlanFacts } from './plan-facts.ts'

export interface Draft {
  node: FlatNode
  definition: NodeDefinition
  params: Record<string, unknown>
  inputs: InputLane[]
  lanes: NodeLanes
  list: KnownList | null
  fanOut: number
}

/** Parsed, with every seed that has an effect and that no edge feeds. */
export function paramsOf(
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
export function inputLanes(
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

export function listOf(node: FlatNode, params: Record<string, unknown>, facts: PlanFacts): KnownList | null {
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
