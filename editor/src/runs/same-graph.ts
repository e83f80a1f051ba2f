/** Whether two graphs make the same pictures: where their cards lie and what they are called does not matter. */
import type { Graph, GraphNode } from '@defect-studio/nodes'
import { shownParams } from '../graph-edits.ts'

export const sameGraph = (a: Graph, b: Graph): boolean => a === b || contentOf(a) === contentOf(b)

function contentOf({ nodes, edges, frames, subgraphs }: Graph): string {
  const lines = [
    ['off', ...frames.filter(({ off }) => off).map(({ id }) => id)],
    ['inside', subgraphs],
    ...nodes.map((node) => [node.id, node.type, shownParams(node), ...behaviourOf(node)]),
    ...edges.map((edge) => [edge.source, edge.sourceHandle, edge.target, edge.targetHandle]),
  ].map((line) => JSON.stringify(line, inOrder))
  return lines.sort().join('\n')
}

const behaviourOf = ({ mode, frameId, pinned, onFailure, attempts }: GraphNode) =>
  [mode, frameId, pinned, onFailure, attempts].map((each) => each ?? null)

/** The database gives the fields of an object back in an order of its own. */
const inOrder = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value
