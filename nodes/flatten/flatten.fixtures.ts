/** What is left of a graph once it is prepared, in lines that tests can compare. */
import { RunInputs } from '../apply-inputs.ts'
import { testGraph, testImage } from '../graph.fixtures.ts'
import type { Graph, GraphNode, Subgraph } from '../graph.ts'
import { prepareGraph } from '../prepare-graph.ts'

export const photo = { ...testImage, name: 'part.png' }
export const other = { ...testImage, name: 'other.png' }

export type Lines = Parameters<typeof testGraph>
export type Given = Partial<RunInputs> & { only?: readonly string[] }

export function prepare(graph: Graph, { only, ...given }: Given = {}) {
  return prepareGraph(graph, { ...RunInputs.parse(given), only })
}

/** What is left, as lines: its nodes and its edges. */
export function leftOf(graph: Graph, given: Given = {}) {
  const prepared = prepare(graph, given)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return {
    nodes: prepared.flat.nodes.map(({ id }) => id),
    edges: prepared.flat.edges.map(
      ({ source, sourceHandle, target, targetHandle }) =>
        `${source}.${sourceHandle} > ${target}.${targetHandle}`,
    ),
    outputs: prepared.flat.outputs.map(({ name, nodeId, port }) => `${name}: ${nodeId}.${port}`),
  }
}

export function problemsOf(graph: Graph, given: Given = {}) {
  const prepared = prepare(graph, given)
  return prepared.ok ? [] : prepared.problems
}

/** Changes some nodes of a graph. */
export const withNodes = (graph: Graph, changes: Record<string, Partial<GraphNode>>): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) => ({ ...node, ...changes[node.id] })),
})

export function subgraph(nodes: Lines[0], edges: Lines[1] = [], rest: Lines[2] = {}): Subgraph {
  const { formatVersion: _formatVersion, subgraphs: _subgraphs, ...body } = testGraph(nodes, edges, rest)
  return { title: '', ...body }
}

export const standsFor = (name: string, values: GraphNode['params'] = {}): [string, GraphNode['params']] => [
  'subgraph',
  { subgraph: name, values },
]
