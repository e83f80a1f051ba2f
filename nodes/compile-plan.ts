/** Turns a graph and what a run is given into a plan, or into the full list of what stands in the way. */
import { z } from 'zod'
import { applyInputs, type RunInputs } from './apply-inputs.ts'
import { checkGraph } from './check-graph.ts'
import type { Graph } from './graph.ts'
import { JsonValue } from './json-value.ts'
import { findDefinition } from './node-definitions.ts'
import { paramMeta } from './param-meta.ts'
import type { Plan, PlannedNode } from './plan.ts'
import { maxCollectionItems, maxRunItems } from './ports.ts'
import type { GraphProblem } from './problem.ts'
import { sortNodes } from './sort-nodes.ts'

/** A run's plan travels through its history, where one value may have 2 MiB at most. */
const maxPlanBytes = 1_000_000

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
      params: z.record(z.string(), JsonValue).parse(params),
      inputs,
      price: definition.price(params),
      items,
      itemsOut,
    })
  }
  if (problems.length > 0) return { ok: false, problems }
  const nodes = [...planned.values()].map(({ itemsOut: _itemsOut, ...node }) => node)
  const steps = nodes.reduce((sum, node) => sum + node.items, 0)
  if (steps > maxRunItems)
    return {
      ok: false,
      problems: [
        {
          code: 'too-many-items',
          message: `This run would have ${steps} steps (nodes times pictures); one run may have ${maxRunItems}.`,
          remedy: 'Split the folder, or the graph.',
        },
      ],
    }
  const quote = nodes.reduce((sum, node) => sum + node.price * node.items, 0)
  const plan: Plan = { planVersion: 1, nodes, outputs: applied.graph.outputs, quote }
  const bytes = utf8Bytes(JSON.stringify(plan))
  if (bytes > maxPlanBytes)
    return {
      ok: false,
      problems: [
        {
          code: 'graph-too-large',
          message: `The params of this graph have ${bytes} bytes; one run may have ${maxPlanBytes}.`,
          remedy: 'Shorten the prompts, or split the graph.',
        },
      ],
    }
  return { ok: true, graph: applied.graph, plan }
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
