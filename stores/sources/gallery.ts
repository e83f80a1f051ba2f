/** Asks the gallery for the pictures of a run: what the caller may see, the newest first, with their masks. */
import type { ImageRef, ManifestItem } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { visibleImages } from '../access/visible-images.ts'
import type { Reader } from '../artifacts/register-artifact.ts'
import { imageFilter, type ImageFilter } from '../gallery/image-filter.ts'

export interface GalleryQuestion extends ImageFilter {
  graphId?: string | undefined
  runId?: string | undefined
  newest: number
}

/** A statement may have 65,535 values. */
const keysAtOnce = 10_000

/** Runs of one graph whose pictures are looked for: the latest so many. */
const mostRuns = 10_000

export async function listGallery(
  db: Database,
  caller: Reader,
  { graphId, runId, newest, ...filter }: GalleryQuestion,
): Promise<ManifestItem[]> {
  const runs = graphId ? await runsOf(db, graphId) : null
  const rows = await db.image.findMany({
    where: {
      AND: [
        visibleImages(caller),
        imageFilter(filter),
        runId ? { runId } : {},
        runs ? { runId: { in: runs } } : {},
      ],
    },
    select: { name: true, artifactKey: true, maskKey: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: newest,
  })
  const pictures = await readPictures(
    db,
    rows.flatMap(({ artifactKey, maskKey }) => (maskKey ? [artifactKey, maskKey] : [artifactKey])),
  )
  return rows.flatMap(({ name, artifactKey, maskKey }): ManifestItem[] => {
    const image = pictures.get(artifactKey)
    // Its bytes were deleted: there is nothing to work on.
    if (!image) return []
    const mask = maskKey ? pictures.get(maskKey) : undefined
    return [{ name, value: { ports: { image, ...(mask ? { mask } : {}) } } }]
  })
}

async function runsOf(db: Database, graphId: string): Promise<string[]> {
  const runs = await db.run.findMany({
    where: { graphId },
    select: { id: true },
    orderBy: { createdAt: 'desc' },
    take: mostRuns,
  })
  return runs.map(({ id }) => id)
}

async function readPictures(db: Database, keys: readonly string[]): Promise<Map<string, ImageRef>> {
  const wanted = [...new Set(keys)]
  const pictures = new Map<string, ImageRef>()
  for (let from = 0; from < wanted.length; from += keysAtOnce)
    for (const row of await db.artifact.findMany({
      where: { key: { in: wanted.slice(from, from + keysAtOnce) } },
    }))
      if (row.width && row.height)
        pictures.set(row.key, {
          key: row.key,
          mediaType: row.mediaType,
          bytes: Number(row.bytes),
          width: row.width,
          height: row.height,
        })
  return pictures
}
