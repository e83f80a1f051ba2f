/** A graph as it runs: subgraphs unfolded, and everything gone that was switched off or is not needed. */
import type { Edge, GraphNode, GraphOutput } from '../graph.ts'

/** `id` is `node`, or `outer/inner` for a node of a subgraph. */
export type FlatNode = Pick<
  GraphNode,
  'id' | 'type' | 'title' | 'params' | 'pinned' | 'onFailure' | 'attempts'
>
export type FlatEdge = Omit<Edge, 'id'>

export interface FlatGraph {
  nodes: FlatNode[]
  /** Every node named here is in `nodes`; each target handle has one edge at most. */
  edges: FlatEdge[]
  outputs: GraphOutput[]
}
