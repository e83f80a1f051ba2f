/** The graph in React Flow's words; what has not changed keeps its identity, so that only changed cards redraw. */
import type { Edge as GraphEdge, Graph, GraphNode, PortType } from '@defect-studio/nodes'
import { findDefinition } from '@defect-studio/nodes'
import type { Edge, Node } from '@xyflow/react'

export type CardNode = Node<{ node: GraphNode }, 'card'>
export type TypedEdge = Edge<{ type: PortType | null }>

export interface Measured {
  width: number
  height: number
}

interface Cached {
  node: GraphNode
  selected: boolean
  dragging: boolean
  measured: Measured | undefined
  made: CardNode
}

/** Makes React Flow's nodes, remembering the last ones. One for each canvas. */
export function createNodeMaker() {
  let cache = new Map<string, Cached>()
  return (
    graph: Graph,
    selected: ReadonlySet<string>,
    dragging: ReadonlySet<string>,
    sizes: ReadonlyMap<string, Measured>,
  ): CardNode[] => {
    const next = new Map<string, Cached>()
    for (const node of graph.nodes) {
      const now = {
        node,
        selected: selected.has(node.id),
        dragging: dragging.has(node.id),
        measured: sizes.get(node.id),
      }
      const before = cache.get(node.id)
      const same =
        before &&
        before.node === now.node &&
        before.selected === now.selected &&
        before.dragging === now.dragging &&
        before.measured === now.measured
      next.set(node.id, same ? before : { ...now, made: makeNode(now) })
    }
    cache = next
    return [...next.values()].map((entry) => entry.made)
  }
}

function makeNode({ node, selected, dragging, measured }: Omit<Cached, 'made'>): CardNode {
  return {
    id: node.id,
    type: 'card',
    position: node.position,
    data: { node },
    selected,
    dragging,
    ...(measured ? { measured } : {}),
  }
}

export function makeEdges(graph: Graph, selected: ReadonlySet<string>): TypedEdge[] {
  const typeOf = new Map(graph.nodes.map((node) => [node.id, node.type]))
  return graph.edges.map((edge) => {
    const type = portTypeOf(edge, typeOf)
    return {
      ...edge,
      selected: selected.has(edge.id),
      data: { type },
      className: type ? `edge-${type}` : 'edge-unknown',
    }
  })
}

function portTypeOf(edge: GraphEdge, typeOf: ReadonlyMap<string, string>): PortType | null {
  return findDefinition(typeOf.get(edge.source) ?? '')?.outputs[edge.sourceHandle]?.type ?? null
}
