/** Orders nodes so that each comes after what it needs (Kahn's algorithm), the same way every time. */
import type { Edge, GraphNode } from './graph.ts'

/**
 * Nodes in topological order: layer by layer, ties by id. `cyclic` has the ids that are part of, or behind, a cycle,
 * `onCycle` those of them that wait for themselves.
 */
export function sortNodes<N extends Pick<GraphNode, 'id'>>(
  nodes: readonly N[],
  edges: readonly Pick<Edge, 'source' | 'target'>[],
): { sorted: N[]; cyclic: string[]; onCycle: string[] } {
  const byId = [...nodes].sort((a, b) => (a.id < b.id ? -1 : 1))
  const waitsFor = new Map(byId.map((node) => [node.id, 0]))
  const targets = new Map<string, string[]>(byId.map((node) => [node.id, []]))
  for (const edge of edges) {
    const count = waitsFor.get(edge.target)
    const from = targets.get(edge.source)
    if (count === undefined || !from) continue
    waitsFor.set(edge.target, count + 1)
    from.push(edge.target)
  }
  const place = new Map(byId.map((node, index) => [node.id, index]))
  const sorted: N[] = []
  const done = new Set<string>()
  let layer = byId.filter((node) => waitsFor.get(node.id) === 0)
  while (layer.length > 0) {
    const next: N[] = []
    for (const node of layer) {
      if (done.has(node.id)) continue
      done.add(node.id)
      sorted.push(node)
      for (const target of targets.get(node.id) ?? []) {
        const left = (waitsFor.get(target) ?? 1) - 1
        waitsFor.set(target, left)
        const ready = left === 0 ? byId[place.get(target) ?? -1] : undefined
        if (ready) next.push(ready)
      }
    }
    layer = next.sort((a, b) => (a.id < b.id ? -1 : 1))
  }
  const cyclic = byId.filter((node) => !done.has(node.id)).map((node) => node.id)
  return { sorted, cyclic, onCycle: cyclic.filter((id) => reaches(targets, id)) }
}

/** Whether a node can be come back to along edges. */
function reaches(targets: ReadonlyMap<string, readonly string[]>, start: string): boolean {
  const reached = new Set<string>()
  const waiting = [start]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
    for (const target of targets.get(id) ?? []) {
      if (target === start) return true
      if (!reached.has(target)) {
        reached.add(target)
        waiting.push(target)
      }
    }
  return false
}
