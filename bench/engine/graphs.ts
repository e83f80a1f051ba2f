/** The graphs of the bench, as a person would send them. */
import type { Edge, GraphNode } from '@defect-studio/nodes'

interface BenchGraph {
  formatVersion: 3
  nodes: Pick<GraphNode, 'id' | 'type' | 'position' | 'params'>[]
  edges: Edge[]
}

const position = { x: 0, y: 0 }
const edge = (source: string, sourceHandle: string, target: string, targetHandle: string): Edge => ({
  id: `${source}-${target}-${targetHandle}`,
  source,
  sourceHandle,
  target,
  targetHandle,
})

/** A prompt, a picture of it, and `length - 2` nodes that each redraw what the one before made. */
export function chain(length: number, seed: number): BenchGraph {
  const nodes: BenchGraph['nodes'] = [
    { id: 'prompt', type: 'prompt', position, params: { text: 'steel' } },
    { id: 'n1', type: 'text-to-image', position, params: { seed } },
  ]
  const edges = [edge('prompt', 'text', 'n1', 'prompt')]
  for (let i = 2; i < length; i++) {
    nodes.push({ id: `n${i}`, type: 'image-to-image', position, params: { seed: seed + i } })
    edges.push(edge(`n${i - 1}`, 'image', `n${i}`, 'image'), edge('prompt', 'text', `n${i}`, 'prompt'))
  }
  return { formatVersion: 3, nodes, edges }
}

/** One picture for each of `count` lines. */
export function batch(count: number, seed: number): BenchGraph {
  const text = Array.from({ length: count }, (_, i) => `steel, view ${i + 1}`).join('\n')
  return {
    formatVersion: 3,
    nodes: [
      { id: 'lines', type: 'prompt-list', position, params: { lines: text } },
      { id: 'draw', type: 'text-to-image', position, params: { seed } },
    ],
    edges: [edge('lines', 'text', 'draw', 'prompt')],
  }
}
