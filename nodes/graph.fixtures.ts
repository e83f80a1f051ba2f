/** Small graphs for tests: written as lines, so that a test shows only what it is about. */
import type { Graph, GraphNode } from './graph.ts'
import { emptyGraph } from './graph.ts'

export const testImage = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 10, width: 64, height: 64 }
export const testFolder = (count: number) => ({
  key: 'b'.repeat(64),
  mediaType: 'application/json',
  bytes: 10,
  count,
  name: 'parts',
})

/**
 * @param nodes id → type, or [type, params].
 * @param edges lines such as `load.image > defect.image`.
 */
export function testGraph(
  nodes: Record<string, string | [string, GraphNode['params']]>,
  edges: string[] = [],
  rest: Partial<Pick<Graph, 'inputs' | 'outputs' | 'frames' | 'subgraphs'>> = {},
): Graph {
  return {
    ...emptyGraph,
    nodes: Object.entries(nodes).map(([id, node]) => ({
      id,
      type: typeof node === 'string' ? node : node[0],
      position: { x: 0, y: 0 },
      params: typeof node === 'string' ? {} : node[1],
    })),
    edges: edges.map((line) => {
      const [[source, sourceHandle], [target, targetHandle]] = [end(line, 0), end(line, 1)]
      return { id: line, source, sourceHandle, target, targetHandle }
    }),
    ...rest,
  }
}

/** A handle may have a dot of its own: `params.seed`. */
function end(line: string, side: 0 | 1): [string, string] {
  const words = line.split(' > ')[side] ?? ''
  const dot = words.indexOf('.')
  return [words.slice(0, dot), words.slice(dot + 1)]
}
