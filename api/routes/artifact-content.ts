/** The bytes of stored pictures, to members and to whoever holds a signed link. */
import { pipeline } from 'node:stream/promises'
import { ImageProblem } from '@defect-studio/stores/artifacts'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { readableArtifacts } from '@defect-studio/stores'
import { refuseKey } from '../auth/key-scopes.ts'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { KeyParams } from '../shapes/artifact.ts'
import type { Studio } from '../studio.ts'

const tag = 'artifacts'

const LinkQuery = z.object({
  expires: z.coerce.number().int().optional(),
  signature: z.string().max(100).optional(),
})

/** What is named by the hash of its bytes never changes. */
const cacheForever = 'private, max-age=31536000, immutable'

export const readContent = defineRoute({
  operationId: 'readContent',
  method: 'get',
  path: '/artifacts/:key/content',
  tag,
  summary: 'The bytes of a picture; byte ranges are understood',
  description:
    'Needs the Authorization header, or the `expires` and `signature` of a link that the API gave.',
  auth: 'public',
  params: KeyParams,
  query: LinkQuery,
  streams: 'application/octet-stream',
  async handler({ studio, params: { key }, query, request, response }) {
    await requireReader(studio, request, key, query)
    const row = await studio.db.artifact.findUnique({ where: { key } })
    if (!row) throw notFound('artifact')
    const bytes = Number(row.bytes)
    response.set({
      'Content-Type': row.mediaType,
      'Cache-Control': cacheForever,
      ETag: `"${key}"`,
      'Accept-Ranges': 'bytes',
      // Shown on its own it is a document of its own, without a right to anything.
      'Content-Security-Policy': "default-src 'none'; sandbox",
    })
    if (request.fresh) {
      response.status(304).end()
      return
    }
    const range = readRange(request, response, bytes)
    response.set('Content-Length', String(range ? range.end - range.start + 1 : bytes))
    if (request.method === 'HEAD') response.end()
    else await pipeline(await studio.artifacts.open(key, range), response)
  },
})

export const readThumbnail = defineRoute({
  operationId: 'readThumbnail',
  method: 'get',
  path: '/artifacts/:key/thumbnail',
  tag,
  summary: 'A small WebP of a picture',
  auth: 'public',
  params: KeyParams,
  query: LinkQuery.extend({ size: z.coerce.number().int().min(1).max(1024).default(256) }),
  streams: 'image/webp',
  async handler({ studio, params: { key }, query, request, response }) {
    await requireReader(studio, request, key, query)
    response.set({
      'Cache-Control': cacheForever,
      ETag: `"${key}-${query.size}"`,
      'Content-Type': 'image/webp',
    })
    if (request.fresh) {
      response.status(304).end()
      return
    }
    const bytes = await studio.thumbnails.make(key, query.size).catch((error: unknown) => {
      // A folder is an artifact too.
      throw error instanceof ImageProblem ? notFound('picture') : error
    })
    response.end(bytes)
  },
})

async function requireReader(studio: Studio, request: Request, key: string, link: z.infer<typeof LinkQuery>) {
  if (link.signature !== undefined) {
    if (studio.links.isValid(key, link.expires ?? 0, link.signature)) return
    throw new ProblemError('link-expired', 'This link has expired, or it was changed.', {
      remedy: 'Open the page again: it gets fresh links.',
    })
  }
  const caller = await studio.authenticator.member(request)
  if (!caller || !may(caller.role, 'use-studio'))
    throw new ProblemError('not-signed-in', 'This picture is for members.', { remedy: 'Sign in.' })
  // The route is public because of its links: what a key may is asked here.
  const refusal = caller.key && refuseKey(caller.key, { method: 'get', tag })
  if (refusal)
    throw new ProblemError('not-allowed', refusal, { remedy: 'Make a key that may do this, under Settings.' })
  if (!(await readableArtifacts(studio.db, caller, [key])).has(key)) throw notFound('artifact')
}

/** The one range that is asked for; undefined for the whole. Several ranges are answered with the whole. */
export function readRange(
  request: Request,
  response: Response,
  bytes: number,
): { start: number; end: number } | undefined {
  const ranges = request.range(bytes)
  if (ranges === -1) {
    response.set('Content-Range', `bytes */${bytes}`)
    throw new ProblemError('bad-range', `The artifact has ${bytes} bytes.`)
  }
  const range =
    Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
  if (!range) return undefined
  response.status(206).set('Content-Range', `bytes ${range.start}-${range.end}/${bytes}`)
  return { start: range.start, end: range.end }
}
