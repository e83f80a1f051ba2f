/** Takes what a node made in the shown run into the graph, so that it is used instead of running the node. */
import type { GraphNode } from '@defect-studio/nodes'
import type { NodeRun, OutputItem } from '../api/types.ts'

type Pinned = NonNullable<GraphNode['pinned']>
type PinnedItem = Pinned[string][number]

/** Null when the run has nothing of the node; 'too-many' when the page does not have all of it. */
export function resultsToPin(nodeRun: NodeRun | undefined): Pinned | 'too-many' | null {
  const outputs = nodeRun?.outputs.filter(({ items }) => items.length > 0) ?? []
  if (outputs.length === 0) return null
  if (outputs.some(({ total, items }) => total > items.length)) return 'too-many'
  return Object.fromEntries(outputs.map(({ port, items }) => [port, items.flatMap(toPinned)]))
}

/** What a graph keeps of a result: never its signed links, which run out. */
function toPinned({ name, image, text, number, made }: OutputItem, index: number): PinnedItem[] {
  const { tool, nodeId } = made ?? {}
  const about = {
    name,
    index,
    ...(tool !== undefined && nodeId !== undefined ? { made: { ...made, tool, nodeId } } : {}),
  }
  if (text !== undefined) return [{ ...about, value: text }]
  if (number !== undefined) return [{ ...about, value: number }]
  if (!image || image.width === null || image.height === null) return []
  const { key, mediaType, bytes, width, height } = image
  return [{ ...about, value: { key, mediaType, bytes, width, height } }]
}
