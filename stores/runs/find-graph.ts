/** Finds the graph that a run is of: given with the order, or saved, at its latest or a fixed revision. */
import type { Database } from '@defect-studio/prisma'
import { type GraphReader, readableGraphs } from '../access/readable-graphs.ts'
import type { GraphSource } from './run-order.ts'
import { RunRefusal } from './run-refusal.ts'

export interface FoundGraph {
  /** Null when it was given with the order. */
  id: string | null
  revision: number | null
  name: string
  /** As it is kept: `readGraph` brings it up to today's format. */
  document: unknown
}

/** @throws RunRefusal 'not-found' when there is no such graph or revision, or it is not the reader's. */
export async function findGraph(db: Database, reader: GraphReader, source: GraphSource): Promise<FoundGraph> {
  if (source.graphId === undefined) {
    const { graph, of = null } = source
    if (reader.graphIds?.length && (of === null || !reader.graphIds.includes(of)))
      throw new RunRefusal('not-allowed', 'This API key runs saved graphs alone.', {
        remedy: 'Run one of its graphs by POST /graphs/{id}/runs, or use another key.',
      })
    return { id: of, revision: null, name: 'Untitled', document: graph }
  }
  const { graphId, revision } = source
  const graph = await db.graph.findFirst({
    where: { AND: [readableGraphs(reader), { id: graphId }] },
    select: { id: true, name: true, revision: true, document: true },
  })
  if (!graph) throw new RunRefusal('not-found', 'There is no such graph, or it is not yours.')
  if (revision === undefined || revision === graph.revision) return graph
  const saved = await db.graphRevision.findUnique({ where: { graphId_revision: { graphId, revision } } })
  if (!saved)
    throw new RunRefusal('not-found', `The graph "${graph.name}" has no revision ${revision}.`, {
      remedy: `Name one from 1 to ${graph.revision}, or none for the latest.`,
    })
  return { id: graph.id, name: graph.name, revision, document: saved.document }
}
