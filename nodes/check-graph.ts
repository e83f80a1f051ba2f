/** Decides, from the graph alone, whether a run could start. Shared by editor and API so they never disagree. */
import type { Graph } from './graph.ts'
import { prepareGraph } from './prepare-graph.ts'
import type { GraphProblem } from './problem.ts'

/**
 * Every reason why this graph cannot run; empty when it can. What is muted or switched off is not checked. Knows nothing
 * of stores, models or balances.
 */
export function checkGraph(graph: Graph): GraphProblem[] {
  const prepared = prepareGraph(graph, { inputs: {}, params: {} })
  return prepared.ok ? [] : prepared.problems
}
