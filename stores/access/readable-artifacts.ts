/** Who may read a stored picture: whoever was granted it, and whoever may see a gallery picture made of it. */
import type { Database } from '@defect-studio/prisma'
import type { Reader } from '../artifacts/register-artifact.ts'
import { visibleImages } from './visible-images.ts'

export interface ArtifactRow {
  key: string
  mediaType: string
  bytes: bigint
  width: number | null
  height: number | null
  createdAt: Date
}

/** A statement may have 65,535 values; a folder may have more pictures. */
const keysAtOnce = 10_000

/** Those of the keys that exist and that the caller may read, by key. */
export async function readableArtifacts(
  db: Database,
  caller: Reader,
  keys: readonly string[],
): Promise<Map<string, ArtifactRow>> {
  const wanted = [...new Set(keys)]
  const readable = new Map<string, ArtifactRow>()
  for (let from = 0; from < wanted.length; from += keysAtOnce)
    await addReadable(db, caller, wanted.slice(from, from + keysAtOnce), readable)
  return readable
}

async function addReadable(
  db: Database,
  caller: Reader,
  wanted: readonly string[],
  readable: Map<string, ArtifactRow>,
): Promise<void> {
  const granted = await db.artifact.findMany({
    where: { key: { in: [...wanted] }, grants: { some: { memberId: caller.memberId } } },
  })
  for (const row of granted) readable.set(row.key, row)
  const rest = wanted.filter((key) => !readable.has(key))
  if (rest.length === 0) return
  const images = await db.image.findMany({
    where: {
      AND: [visibleImages(caller), { OR: [{ artifactKey: { in: rest } }, { maskKey: { in: rest } }] }],
    },
    select: { artifactKey: true, maskKey: true },
  })
  const shown = new Set(images.flatMap(({ artifactKey, maskKey }) => [artifactKey, maskKey]))
  for (const row of await db.artifact.findMany({
    where: { key: { in: rest.filter((key) => shown.has(key)) } },
  }))
    readable.set(row.key, row)
}
