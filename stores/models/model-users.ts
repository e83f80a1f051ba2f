/** Who would miss a model: saved graphs that name it, schedules and hooks that start them, runs that go on. */
import type { Database } from '@defect-studio/prisma'
import { hasText, namedIn } from './named-models.ts'

export interface ModelUsers {
  /** Saved graphs that name it, or that use one that does as a step. */
  graphs: { id: string; name: string; ownerId: string }[]
  /** Paused ones as well: they may go on at any time. */
  schedules: { id: string; name: string; ownerId: string }[]
  hooks: { id: string; name: string; ownerId: string }[]
  /** Ids of runs that wait or go on. */
  runs: { id: string; ownerId: string }[]
}

interface DocumentRow {
  id: string
  name: string
  ownerId: string
  document: unknown
}
type StarterRow = DocumentRow & { given: unknown }

/** Looks through every saved graph: it is asked before a model is deleted, not for lists. */
export async function findModelUsers(db: Database, modelId: string): Promise<ModelUsers> {
  const graphs = await graphsNaming(db, modelId)
  const ids = new Set(graphs.map(({ id }) => id))
  const uses = ({ document, given }: StarterRow): boolean => {
    const named = namedIn(document)
    return named.models.has(modelId) || [...named.graphs].some((id) => ids.has(id)) || hasText(given, modelId)
  }
  const [schedules, hooks, runs] = await Promise.all([
    db.$queryRaw<StarterRow[]>`
      SELECT "Schedule"."id"::text, "Schedule"."name", "Schedule"."ownerId"::text,
        COALESCE("GraphRevision"."document", "Graph"."document") AS "document",
        jsonb_build_array("inputs", "params") AS "given"
      FROM "Schedule" JOIN "Graph" ON "Graph"."id" = "Schedule"."graphId"
      LEFT JOIN "GraphRevision" ON "GraphRevision"."graphId" = "Graph"."id"
        AND "GraphRevision"."revision" = "Schedule"."revision"
      WHERE "Schedule"."deletedAt" IS NULL ORDER BY "Schedule"."name"`,
    db.$queryRaw<StarterRow[]>`
      SELECT "GraphHook"."id"::text, "GraphHook"."name", "GraphHook"."ownerId"::text,
        COALESCE("GraphRevision"."document", "Graph"."document") AS "document", NULL AS "given"
      FROM "GraphHook" JOIN "Graph" ON "Graph"."id" = "GraphHook"."graphId"
      LEFT JOIN "GraphRevision" ON "GraphRevision"."graphId" = "Graph"."id"
        AND "GraphRevision"."revision" = "GraphHook"."revision"
      WHERE "GraphHook"."revokedAt" IS NULL ORDER BY "GraphHook"."name"`,
    db.$queryRaw<ModelUsers['runs']>`
      SELECT "id"::text, "ownerId"::text FROM "Run"
      WHERE "status" IN ('queued', 'running')
        AND jsonb_path_exists("plan", '$.nodes[*] ? (@.model == $id)', jsonb_build_object('id', ${modelId}::text))`,
  ])
  const plain = ({ id, name, ownerId }: StarterRow) => ({ id, name, ownerId })
  return {
    graphs: graphs.map(({ id, name, ownerId }) => ({ id, name, ownerId })),
    schedules: schedules.filter(uses).map(plain),
    hooks: hooks.filter(uses).map(plain),
    runs,
  }
}

/** The graphs that name it, then those that use these as steps, and so on. */
async function graphsNaming(db: Database, modelId: string): Promise<DocumentRow[]> {
  const found = new Map<string, DocumentRow>()
  let wanted = [modelId]
  while (wanted.length > 0) {
    // A text in JSON stands between quotes; what only looks like it is sorted out below.
    const texts = wanted.map((text) => JSON.stringify(text))
    const rows = await db.$queryRaw<DocumentRow[]>`
      SELECT "id"::text, "name", "ownerId"::text, "document" FROM "Graph"
      WHERE "deletedAt" IS NULL AND EXISTS (
        SELECT FROM unnest(${texts}::text[]) AS "each"("text")
        WHERE position("each"."text" IN "document"::text) > 0)
      ORDER BY "name"`
    const next: string[] = []
    for (const row of rows) {
      const named = namedIn(row.document)
      const uses = named.models.has(modelId) || [...named.graphs].some((id) => found.has(id))
      if (found.has(row.id) || !uses) continue
      found.set(row.id, row)
      next.push(row.id)
    }
    wanted = next
  }
  return [...found.values()]
}
