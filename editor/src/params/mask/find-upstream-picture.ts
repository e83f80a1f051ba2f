/** Finds the picture that a mask is drawn over: the nearest upstream that was loaded or made by the shown run. */
import type { Graph } from '@defect-studio/nodes'
import type { Run } from '../../api/types.ts'
import { NamedPicture } from '../named-picture.ts'

/** @returns the artifact key, or null when nothing upstream has a picture yet. */
export function findUpstreamPicture(graph: Graph, nodeId: string, run: Run | null): string | null {
  const seen = new Set([nodeId])
  let level = [nodeId]
  while (level.length > 0) {
    const edges = level.flatMap((id) => graph.edges.filter((edge) => edge.target === id))
    for (const edge of edges) {
      const source = graph.nodes.find((node) => node.id === edge.source)
      const chosen = NamedPicture.safeParse(source?.params['image'])
      if (chosen.success) return chosen.data.key
      const output = run?.nodeRuns
        .find((nodeRun) => nodeRun.nodeId === edge.source)
        ?.outputs.find((each) => each.port === edge.sourceHandle && each.type === 'image')
      const made = output?.items[0]?.image
      if (made) return made.key
    }
    level = edges.map((edge) => edge.source).filter((id) => !seen.has(id))
    for (const id of level) seen.add(id)
  }
  return null
}
