/** Orders nodes so that each comes after what it needs (Kahn's algorithm), the same way every time. */
import type { Edge, GraphNode } from './graph.ts'

/** Nodes in topological order, ties by id; `cyclic` has the ids that are part of, or behind, a cycle. */
export function sortNodes<N extends Pick<GraphNode, 'id'>>(
  nodes: readonly N[],
  edges: readonly Pick<Edge, 'source' | 'target'>[],
): { sorted: N[]; cyclic: string[] } {
  const waitsFor = new Map(nodes.map((node) => [node.id, 0]))
  for (const edge of edges) {
    const count = waitsFor.get(edge.target)
    if (count !== undefined && waitsFor.has(edge.source)) waitsFor.set(edge.target, count + 1)
  }
  const byId = [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1))
  const sorted: N[] = []
  const done = new Set<string>()
  for (;;) {
    const next = byId.find((node) => !done.has(node.id) && waitsFor.get(node.id) === 0)
    if (!next) break
    done.add(next.id)
    sorted.push(next)
    for (const edge of edges)
      if (edge.source === next.id) waitsFor.set(edge.target, (waitsFor.get(edge.target) ?? 1) - 1)
  }
  return { sorted, cyclic: byId.filter((node) => !done.has(node.id)).map((node) => node.id) }
}
