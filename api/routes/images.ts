/** The gallery: finished pictures with how they were made. */
import { Certificate } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { z } from 'zod'
import { imageFilter, visibleImages } from '@defect-studio/stores'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import type { ArtifactLinks } from '../artifacts/artifact-links.ts'
import { GalleryImage, GalleryImageDetail, provenanceCollection } from '../shapes/image.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'

const tag = 'gallery'

export const listImages = defineRoute({
  operationId: 'listImages',
  method: 'get',
  path: '/images',
  tag,
  summary: 'Pictures of the gallery, newest first',
  auth: 'use-studio',
  query: PageQuery.extend({
    q: z.string().trim().max(200).optional().meta({ description: 'Words in the name or the prompt.' }),
    tool: z.string().max(64).optional().meta({ description: 'Node type that made it, such as draw-defect.' }),
  }),
  response: pageOf(GalleryImage),
  async handler({ studio, caller, query }) {
    const rows = await studio.db.image.findMany({
      where: { AND: [visibleImages(caller), imageFilter({ words: query.q, tool: query.tool })] },
      include: { owner: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    const describe = await imageDescriber(studio, rows)
    return toPage(rows, query.limit, describe)
  },
})

const WithCertificate = z.object({ made: z.object({ certificate: Certificate }) })

export const readImage = defineRoute({
  operationId: 'readImage',
  method: 'get',
  path: '/images/:id',
  tag,
  summary: 'One picture, with everything that is known about how it was made',
  auth: 'use-studio',
  params: IdParams,
  response: GalleryImageDetail,
  async handler({ studio, caller, params }) {
    const row = await studio.db.image.findFirst({
      where: { AND: [visibleImages(caller), { id: params.id }] },
      include: { owner: true },
    })
    if (!row) throw notFound('picture')
    const describe = await imageDescriber(studio, [row])
    const provenance = await studio.documents.get(provenanceCollection, row.id)
    const proof = WithCertificate.safeParse(provenance)
    return { ...describe(row), provenance, certificate: proof.data?.made.certificate ?? null }
  },
})

export const deleteImage = defineRoute({
  operationId: 'deleteImage',
  method: 'delete',
  path: '/images/:id',
  tag,
  summary: 'Take a picture of yours out of the gallery; the run that made it keeps it',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    const { count } = await studio.db.image.updateMany({
      where: { id: params.id, ownerId: caller.memberId, deletedAt: null },
      data: { deletedAt: new Date() },
    })
    if (count === 0) throw notFound('picture')
  },
})

type ImageRow = Prisma.ImageGetPayload<{ include: { owner: true } }>

/** Reads the facts of all their files at once. */
async function imageDescriber({ db, links }: Studio, rows: ImageRow[]) {
  const keys = rows.flatMap(({ artifactKey, maskKey }) => (maskKey ? [artifactKey, maskKey] : [artifactKey]))
  const files = new Map(
    (await db.artifact.findMany({ where: { key: { in: keys } } })).map((file) => [file.key, file]),
  )
  return (row: ImageRow): z.infer<typeof GalleryImage> => ({
    id: row.id,
    name: row.name,
    image: pictureOf(row, row.artifactKey, files, links),
    mask: row.maskKey ? pictureOf(row, row.maskKey, files, links) : null,
    tool: row.tool,
    prompt: row.prompt,
    model: row.model,
    seed: row.seed === null ? null : Number(row.seed),
    width: row.width,
    height: row.height,
    visibility: row.visibility,
    ownerId: row.ownerId,
    ownerNickname: row.owner.nickname,
    runId: row.runId,
    nodeId: row.nodeId,
    itemIndex: row.itemIndex,
    createdAt: row.createdAt.toISOString(),
  })
}

type Files = ReadonlyMap<
  string,
  { mediaType: string; bytes: bigint; width: number | null; height: number | null }
>

function pictureOf(row: ImageRow, key: string, files: Files, links: ArtifactLinks) {
  const file = files.get(key)
  return links.picture({
    key,
    mediaType: file?.mediaType ?? 'image/png',
    bytes: Number(file?.bytes ?? 0),
    width: file?.width ?? row.width,
    height: file?.height ?? row.height,
  })
}
