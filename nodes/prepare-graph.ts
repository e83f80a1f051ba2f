/** From a graph as it is drawn to the nodes that will run, or to the full list of what stands in the way. */
import { applyInputs, type RunInputs } from './apply-inputs.ts'
import { checkKept } from './flatten/check-kept.ts'
import type { FlatEdge, FlatGraph } from './flatten/flat-graph.ts'
import { pruneGraph, type Pruned } from './flatten/prune-graph.ts'
import { resolve, type Unfolded } from './flatten/unfolded.ts'
import { unfoldGraph } from './flatten/unfold-graph.ts'
import type { Graph } from './graph.ts'
import type { GraphProblem } from './problem.ts'

export type PreparedGraph =
  | {
      ok: true
      /** As it runs: with its inputs and overrides, still with its subgraphs, and with what will not run. */
      graph: Graph
      flat: FlatGraph
    }
  | { ok: false; problems: GraphProblem[] }

/**
 * Applies what the run is given, unfolds subgraphs to ids `outer/inner`, and leaves out what is muted or switched off
 * and what needs it, what is bypassed, and what only pinned results needed. What is left out is not checked.
 * @param given `only`: keep these nodes and what they need (the id of a subgraph's node: all that is inside).
 */
export function prepareGraph(
  graph: Graph,
  given: RunInputs & { only?: readonly string[] | undefined },
): PreparedGraph {
  if (graph.nodes.length === 0)
    return refuse([
      { code: 'empty-graph', message: 'The graph is empty.', remedy: 'Add a node from the palette.' },
    ])
  const applied = applyInputs(graph, given)
  const unfolded = unfoldGraph(applied.graph)
  // Of a graph that was not unfolded to its end nothing else can be said.
  const tooLarge = unfolded.problems.find(
    ({ at, problem }) => at === null && problem.code === 'graph-too-large',
  )
  if (tooLarge) return refuse([tooLarge.problem])
  const unknown = (given.only ?? []).filter((id) => !unfolded.met.has(id))
  const outputs = applied.graph.outputs.map(({ name, nodeId, port }) => ({ name, nodeId, port }))
  const pruned = pruneGraph(unfolded, outputs, given.only ?? null)
  const edges = edgesOf(pruned)
  const problems = [
    ...applied.problems,
    ...unknown.map(notInGraph),
    ...countingProblems(unfolded, pruned),
    ...checkKept(pruned, edges),
  ]
  if (problems.length > 0) return refuse(problems)
  if (pruned.kept.size === 0)
    return refuse([
      {
        code: 'empty-graph',
        message:
          'Nothing of this graph is left to run: every node is muted, switched off, or needs one that is.',
        remedy: 'Switch a node or its frame on again.',
      },
    ])
  return {
    ok: true,
    graph: applied.graph,
    flat: {
      nodes: [...pruned.kept.values()].map(({ feeds: _feeds, ...node }) => flatNode(node)),
      edges,
      outputs: outputs.flatMap(({ name, ...output }) => {
        const end = resolve(unfolded, output)
        return end.kind === 'port' && pruned.kept.has(end.from.nodeId) ? [{ name, ...end.from }] : []
      }),
    },
  }
}

function refuse(problems: GraphProblem[]): PreparedGraph {
  return { ok: false, problems }
}

function flatNode({ id, type, title, params, pinned, onFailure, attempts }: FlatGraph['nodes'][number]) {
  return {
    id,
    type,
    params,
    ...(title === undefined ? {} : { title }),
    ...(pinned === undefined ? {} : { pinned }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(attempts === undefined ? {} : { attempts }),
  }
}

function edgesOf({ feeds }: Pruned): FlatEdge[] {
  return [...feeds].flatMap(([target, handles]) =>
    [...handles].flatMap(([targetHandle, end]) =>
      end.kind === 'port'
        ? [{ source: end.from.nodeId, sourceHandle: end.from.port, target, targetHandle }]
        : [],
    ),
  )
}

/** Problems of nodes that run, and of subgraphs of which something runs. */
function countingProblems({ problems }: Unfolded, { kept }: Pruned): GraphProblem[] {
  const running = new Set<string>()
  for (const id of kept.keys())
    for (let end = id.length; end > 0; end = id.lastIndexOf('/', end - 1)) running.add(id.slice(0, end))
  return problems.flatMap(({ at, problem }) => (at === null || running.has(at) ? [problem] : []))
}

const notInGraph = (id: string): GraphProblem => ({
  code: 'unknown-node',
  nodeId: id,
  message: `The graph has no node "${id}" to run to.`,
  remedy: 'Name a node of the graph; a node of a subgraph is written outer/inner.',
})
