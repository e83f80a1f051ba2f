/** Finds every output of a graph that could feed an input of a node. */
import { checkConnection, findDefinition, type Graph, type GraphNode } from '@defect-studio/nodes'

export interface PossibleFeed {
  node: GraphNode
  port: string
}

/** @returns what may be connected, in the order of the graph, and the place of what is connected now. */
export function feedsFor(
  graph: Graph,
  target: string,
  targetHandle: string,
): { feeds: PossibleFeed[]; chosen: number | null } {
  const isHere = (edge: Graph['edges'][number]) =>
    edge.target === target && edge.targetHandle === targetHandle
  const now = graph.edges.find(isHere)
  const without = { ...graph, edges: graph.edges.filter((edge) => !isHere(edge)) }
  const feeds = graph.nodes.flatMap((node) =>
    Object.keys(findDefinition(node.type)?.outputs ?? {}).flatMap((port): PossibleFeed[] => {
      const connection = { source: node.id, sourceHandle: port, target, targetHandle }
      return checkConnection(without, connection) === null ? [{ node, port }] : []
    }),
  )
  const chosen = feeds.findIndex(({ node, port }) => node.id === now?.source && port === now.sourceHandle)
  return { feeds, chosen: chosen < 0 ? null : chosen }
}
