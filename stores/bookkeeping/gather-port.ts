/** Makes a stored list of everything that left one port of a node: what a node that takes wholes is given. */
import type { Bookkeeping, CollectionRef, Item, ManifestItem } from '@defect-studio/nodes'
import { collectionMediaType, StudioError } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { registerArtifact } from '../artifacts/register-artifact.ts'
import { createCollection } from '../collections/collections.ts'
import { retryPassing } from '../retry-transaction.ts'
import { readOutputs } from './item-outputs.ts'
import { missingRun } from './run-facts.ts'

/** Rows that are read at once: their outputs may have some kB each. */
const rowsAtOnce = 1_000

export async function gatherPort(
  { db, artifacts }: { db: Database; artifacts: ArtifactStore },
  { runId, nodeId, port }: Parameters<Bookkeeping['gather']>[0],
): Promise<CollectionRef | null> {
  const run = await retryPassing(() =>
    db.run.findUnique({ where: { id: runId }, select: { ownerId: true, departmentId: true } }),
  )
  if (!run) throw missingRun(runId)
  const items: Item[] = []
  for (let from = 0; ;) {
    const rows = await retryPassing(() =>
      db.nodeRunItem.findMany({
        where: { runId, nodeId, index: { gte: from }, state: { in: ['succeeded', 'cached'] } },
        select: { index: true, outputs: true },
        orderBy: { index: 'asc' },
        take: rowsAtOnce,
      }),
    )
    for (const { outputs } of rows) items.push(...(readOutputs(outputs)[port] ?? []))
    if (rows.length < rowsAtOnce) break
    from = (rows.at(-1)?.index ?? from) + 1
  }
  // A node that takes wholes has its list already.
  const [only] = items
  if (items.length === 1 && only?.stored) return only.stored
  if (items.length === 0) return null
  const collection = await createCollection(artifacts, items.map(asLine))
  const { key, bytes } = collection
  await retryPassing(() =>
    registerArtifact(
      db,
      { key, bytes, mediaType: collectionMediaType, width: null, height: null },
      { memberId: run.ownerId, departmentId: run.departmentId },
    ),
  )
  return collection
}

function asLine({ name, value, index, made, stored }: Item): ManifestItem {
  if (stored) throw new StudioError('internal', `The list "${name}" lies among single items.`)
  return { name, value: typeof value === 'object' ? { ...value } : value, index, ...(made ? { made } : {}) }
}
