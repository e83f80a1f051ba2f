/** Finds artifacts that nothing names, and deletes them: first their rows, then the bytes that have no row. */
import type { Database } from '@defect-studio/prisma'
import type { SweepableStore } from '../artifacts/artifact-store.ts'

/**
 * Every place where a row may name an artifact; keys are 64 hexadecimal digits, so that they are found in JSON as well.
 * A list (a folder) names its pictures in its own bytes: what is granted to somebody as a part of a list that is named
 * stays because the list's keys are read below.
 */
const namedKeys = `
  SELECT "artifactKey" AS "key" FROM "Image" WHERE "deletedAt" IS NULL
  UNION SELECT "maskKey" FROM "Image" WHERE "deletedAt" IS NULL AND "maskKey" IS NOT NULL
  UNION SELECT unnest("artifactKeys") FROM "CacheEntry"
  UNION SELECT unnest("sampleKeys") FROM "Model" WHERE "deletedAt" IS NULL
  UNION SELECT (regexp_matches("document"::text, '[0-9a-f]{64}', 'g'))[1] FROM "Graph" WHERE "deletedAt" IS NULL
  UNION SELECT (regexp_matches("document"::text, '[0-9a-f]{64}', 'g'))[1] FROM "GraphRevision"
  UNION SELECT (regexp_matches("plan"::text, '[0-9a-f]{64}', 'g'))[1] FROM "Run"
  UNION SELECT (regexp_matches("document"::text, '[0-9a-f]{64}', 'g'))[1] FROM "Run"
  UNION SELECT (regexp_matches("outputs"::text, '[0-9a-f]{64}', 'g'))[1] FROM "NodeRunItem"
  UNION SELECT (regexp_matches("image"::text, '[0-9a-f]{64}', 'g'))[1] FROM "ReviewItem"
  UNION SELECT (regexp_matches("inputs"::text || "params"::text, '[0-9a-f]{64}', 'g'))[1] FROM "Schedule" WHERE "deletedAt" IS NULL
  UNION SELECT (regexp_matches("body"::text, '[0-9a-f]{64}', 'g'))[1] FROM "Document"`

const batch = 500

export async function deleteUnnamedArtifacts(
  world: { db: Database; artifacts: SweepableStore },
  graceHours: number,
  signal?: AbortSignal,
): Promise<{ artifacts: number; bytes: number }> {
  await deleteUnnamedRows(world, graceHours)
  return deleteRowless(world, graceHours, signal)
}

async function deleteUnnamedRows(
  { db, artifacts }: { db: Database; artifacts: SweepableStore },
  graceHours: number,
): Promise<void> {
  const named = new Set((await db.$queryRawUnsafe<{ key: string }[]>(namedKeys)).map(({ key }) => key))
  await addPicturesOfLists({ db, artifacts }, named)
  for (let after = ''; ;) {
    const rows = await db.$queryRaw<{ key: string }[]>`
      SELECT "key" FROM "Artifact"
      WHERE "key" > ${after} AND "createdAt" < now() - make_interval(secs => ${graceHours * 3_600})
      ORDER BY "key" LIMIT ${batch}`
    const last = rows.at(-1)
    if (!last) return
    after = last.key
    const unnamed = rows.map(({ key }) => key).filter((key) => !named.has(key))
    await db.artifact.deleteMany({ where: { key: { in: unnamed } } })
  }
}

/** Storing the same bytes again renews their time, so that what is old and has no row is wanted by nobody. */
async function deleteRowless(
  { db, artifacts }: { db: Database; artifacts: SweepableStore },
  graceHours: number,
  signal?: AbortSignal,
): Promise<{ artifacts: number; bytes: number }> {
  const total = { artifacts: 0, bytes: 0 }
  const before = Date.now() - graceHours * 3_600_000
  let waiting: { key: string; bytes: number }[] = []
  const deleteThose = async () => {
    const keys = waiting.map(({ key }) => key)
    const kept = await db.artifact.findMany({ where: { key: { in: keys } }, select: { key: true } })
    const known = new Set(kept.map(({ key }) => key))
    for (const { key, bytes } of waiting) {
      if (known.has(key)) continue
      await artifacts.delete(key)
      total.artifacts += 1
      total.bytes += bytes
    }
    waiting = []
  }
  for await (const { key, bytes, storedAt } of artifacts.list()) {
    if (signal?.aborted) break
    if (storedAt.getTime() < before) waiting.push({ key, bytes })
    if (waiting.length >= batch) await deleteThose()
  }
  await deleteThose()
  return total
}

/** What a list that somebody still names has in it is named too. */
async function addPicturesOfLists(
  { db, artifacts }: { db: Database; artifacts: SweepableStore },
  named: Set<string>,
): Promise<void> {
  const lists = await db.artifact.findMany({
    where: { mediaType: { contains: 'collection+json' } },
    select: { key: true },
  })
  for (const { key } of lists) {
    if (!named.has(key) || !(await artifacts.has(key))) continue
    const text = new TextDecoder().decode(await artifacts.get(key))
    for (const [found] of text.matchAll(/[0-9a-f]{64}/g)) named.add(found)
  }
}
