/** Turns a graph and what a run is given into a plan, or into the full list of what stands in the way. */
import { z } from 'zod'
import { checkGraph } from './check-graph.ts'
import type { NodeDefinition } from './define-node.ts'
import type { Graph, GraphNode } from './graph.ts'
import { findDefinition } from './node-definitions.ts'
import { paramMeta } from './param-meta.ts'
import { NamedCollection, NamedImage } from './params.ts'
import type { Plan, PlannedNode } from './plan.ts'
import { maxCollectionItems } from './ports.ts'
import type { GraphProblem } from './problem.ts'
import { sortNodes } from './sort-nodes.ts'

/** What a run gets by name: values for declared inputs, and overrides written `nodeId.field`. */
export const RunInputs = z.object({
  inputs: z.record(z.string(), z.json()).default({}),
  params: z.record(z.string(), z.json()).default({}),
})
export type RunInputs = z.infer<typeof RunInputs>

export type CompiledPlan = { ok: true; plan: Plan; graph: Graph } | { ok: false; problems: GraphProblem[] }

/**
 * @param drawSeed gives a random whole number in 0 … 2^32 - 1; called once for each empty seed, in the order
 *   of the plan, so that the plan is the only place where chance enters a run.
 */
export function compilePlan(graph: Graph, given: RunInputs, drawSeed: () => number): CompiledPlan {
  const applied = applyInputs(graph, given)
  const problems = [...applied.problems, ...checkGraph(applied.graph)]
  if (problems.length > 0) return { ok: false, problems }

  const planned = new Map<string, PlannedNode & { itemsOut: number }>()
  for (const node of sortNodes(applied.graph.nodes, applied.graph.edges).sorted) {
    const definition = findDefinition(node.type)
    if (!definition) continue // checkGraph has reported it
    const params = definition.params.parse(node.params)
    for (const [field, meta] of paramMeta(definition))
      if (meta.widget === 'seed' && params[field] === null) params[field] = drawSeed()
    const inputs: PlannedNode['inputs'] = {}
    let items = 1
    for (const edge of applied.graph.edges)
      if (edge.target === node.id) {
        inputs[edge.targetHandle] = { nodeId: edge.source, port: edge.sourceHandle }
        items = Math.max(items, planned.get(edge.source)?.itemsOut ?? 1)
      }
    const itemsOut = items * (definition.fanOut?.(params) ?? 1)
    if (itemsOut > maxCollectionItems)
      problems.push({
        code: 'too-many-items',
        nodeId: node.id,
        message: `This node would make ${itemsOut} pictures; one run may have ${maxCollectionItems} at a place.`,
        remedy: 'Split the folder, or ask for fewer pictures each.',
      })
    planned.set(node.id, {
      id: node.id,
      type: node.type,
      version: definition.version,
      title: node.title ?? definition.title,
      params: z.record(z.string(), z.json()).parse(params),
      inputs,
      price: definition.price(params),
      items,
      itemsOut,
    })
  }
  if (problems.length > 0) return { ok: false, problems }
  const nodes = [...planned.values()].map(({ itemsOut: _itemsOut, ...node }) => node)
  const quote = nodes.reduce((sum, node) => sum + node.price * node.items, 0)
  return { ok: true, graph: applied.graph, plan: { planVersion: 1, nodes, outputs: applied.graph.outputs, quote } }
}

function applyInputs(graph: Graph, given: RunInputs): { graph: Graph; problems: GraphProblem[] } {
  const nodes = new Map(graph.nodes.map((node) => [node.id, { ...node, params: { ...node.params } }]))
  const problems: GraphProblem[] = []
  for (const [name, value] of Object.entries(given.inputs)) {
    const declared = graph.inputs.find((input) => input.name === name)
    const node = declared && nodes.get(declared.nodeId)
    if (!declared || !node) {
      const known = graph.inputs.map((input) => `"${input.name}"`).join(', ') || 'none'
      problems.push({
        code: 'unknown-graph-input',
        field: name,
        message: `The graph has no input "${name}"; it has: ${known}.`,
        remedy: 'Name one of its inputs, or declare this one in the editor.',
      })
      continue
    }
    setParam(node, declared.field, value)
  }
  for (const [path, value] of Object.entries(given.params)) {
    const dot = path.indexOf('.')
    const node = nodes.get(path.slice(0, Math.max(dot, 0)))
    const field = path.slice(dot + 1)
    if (!node || !hasParam(findDefinition(node.type), field)) {
      problems.push({
        code: 'bad-param',
        field: path,
        ...(node ? { nodeId: node.id } : {}),
        message: `"${path}" names no param of this graph.`,
        remedy: 'Write it as node id, a dot, and the name of the param.',
      })
      continue
    }
    node.params[field] = value
  }
  return { graph: { ...graph, nodes: [...nodes.values()] }, problems }
}

function hasParam(definition: NodeDefinition | undefined, field: string): boolean {
  return definition !== undefined && Object.hasOwn(definition.params.shape, field)
}

/** An image may stand where a folder is asked for and the other way round: the node changes its type for this run. */
function setParam(node: GraphNode, field: string, value: z.infer<ReturnType<typeof z.json>>): void {
  if (node.type === 'load-image' && NamedCollection.safeParse(value).success) {
    node.type = 'load-folder'
    node.params = { folder: value }
  } else if (
    node.type === 'load-folder' &&
    NamedImage.safeParse(value).success &&
    !NamedCollection.safeParse(value).success
  ) {
    node.type = 'load-image'
    node.params = { image: value }
  } else node.params[field] = value
}
