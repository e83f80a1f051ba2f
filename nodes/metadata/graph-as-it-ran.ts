/** The graph of a run with the seeds that were drawn for it, so that running it again makes the same pictures. */
import type { Graph } from '../graph.ts'
import { findDefinition } from '../node-definitions.ts'
import { paramMeta } from '../param-meta.ts'
import type { Plan } from '../plan.ts'

export function graphAsItRan(graph: Graph, plan: Plan): Graph {
  const planned = new Map(plan.nodes.map(({ id, params }) => [id, params]))
  const nodes = graph.nodes.map((node) => {
    const drawn = planned.get(node.id)
    const definition = findDefinition(node.type)
    if (!drawn || !definition) return node
    const seeds = paramMeta(definition).flatMap(([field, { widget }]) => {
      const seed = drawn[field]
      return widget === 'seed' && typeof seed === 'number' ? [[field, seed] as const] : []
    })
    return seeds.length === 0 ? node : { ...node, params: { ...node.params, ...Object.fromEntries(seeds) } }
  })
  return { ...graph, nodes }
}
