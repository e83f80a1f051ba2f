/** Who may read a stored picture: whoever was granted it, and whoever may see a gallery picture made of it. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import { visibleImages } from './visible-images.ts'

export interface ArtifactRow {
  key: string
  mediaType: string
  bytes: bigint
  width: number | null
  height: number | null
  createdAt: Date
}

/** Those of the keys that exist and that the caller may read, by key. */
export async function readableArtifacts(
  db: PrismaClient,
  caller: Caller,
  keys: readonly string[],
): Promise<Map<string, ArtifactRow>> {
  const wanted = [...new Set(keys)]
  const granted = await db.artifact.findMany({
    where: { key: { in: wanted }, grants: { some: { memberId: caller.memberId } } },
  })
  const readable = new Map<string, ArtifactRow>(granted.map((row) => [row.key, row]))
  const rest = wanted.filter((key) => !readable.has(key))
  if (rest.length === 0) return readable
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
  return readable
}
