/** The graph of a run with the seeds that were drawn for it, so that running it again makes the same pictures. */
import { applyInputs } from '../apply-inputs.ts'
import type { Graph } from '../graph.ts'
import { findDefinition } from '../node-definitions.ts'
import { paramMeta } from '../param-meta.ts'
import type { Plan } from '../plan.ts'

/** @param plan its seeds may be those of nodes in subgraphs, each of which then gets a subgraph of its own. */
export function graphAsItRan(graph: Graph, plan: Plan): Graph {
  const seeds = plan.nodes.flatMap(({ id, type, params }) => {
    const definition = findDefinition(type)
    if (!definition) return []
    return paramMeta(definition).flatMap(([field, { widget }]) => {
      const seed = params[field]
      return widget === 'seed' && typeof seed === 'number' ? [[`${id}.${field}`, seed] as const] : []
    })
  })
  return applyInputs(graph, { inputs: {}, params: Object.fromEntries(seeds) }).graph
}
