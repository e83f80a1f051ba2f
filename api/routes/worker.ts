/** What a GPU host may do with its worker token: say what it is, report progress, fetch and store artifacts. */
import { pipeline } from 'node:stream/promises'
import { Preview } from '@defect-studio/nodes'
import { artifactKey } from '@defect-studio/stores/artifacts'
import { z } from 'zod'
import { inspectUpload, storePicture } from '../artifacts/store-upload.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { KeyParams } from '../shapes/artifact.ts'
import { LoadedModel, RegisteredModel } from '../shapes/model.ts'
import { readRange } from './artifact-content.ts'

const tag = 'worker'

export const largestResultBytes = 256 * 1024 * 1024
/** A result may be larger than an upload: the largest is an upload enlarged four times. */
const largestResultPixels = 200_000_000

const ServerId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'A server id has letters, digits, . - and _.')

export const registerWorker = defineRoute({
  operationId: 'registerWorker',
  method: 'post',
  path: '/worker/register',
  tag,
  summary: 'Join, or say anew what this server has',
  auth: 'worker',
  body: z.object({
    serverId: ServerId,
    name: z.string().min(1).max(100),
    provider: z.string().min(1).max(50),
    device: z.string().max(200),
    memoryMb: z.int().min(0),
    version: z.string().max(50),
    models: z.array(RegisteredModel).max(1000),
    loaded: z.array(LoadedModel).max(100).default([]),
  }),
  response: z.object({ serverId: z.string() }),
  async handler({ studio, caller, body }) {
    const { serverId, ...about } = body
    const existing = await studio.db.gpuServer.findUnique({
      where: { id: serverId },
      include: { workerToken: true },
    })
    if (existing && existing.workerTokenId !== caller.workerTokenId && !existing.workerToken.revokedAt)
      throw new ProblemError(
        'already-taken',
        `A server with the id "${serverId}" joined with another token.`,
        {
          remedy: 'Set SERVER_ID to another name, or revoke the other token.',
        },
      )
    const data = { ...about, workerTokenId: caller.workerTokenId, lastSeenAt: new Date() }
    await studio.db.gpuServer.upsert({
      where: { id: serverId },
      create: { id: serverId, ...data },
      update: { ...data, startedAt: new Date() },
    })
    return { serverId }
  },
})

export const beatWorker = defineRoute({
  operationId: 'beatWorker',
  method: 'post',
  path: '/worker/beat',
  audit: false,
  tag,
  summary: 'Say that this server is still there, and what it has loaded; 404 means: register again',
  auth: 'worker',
  body: z.object({
    serverId: ServerId,
    loaded: z.array(LoadedModel).max(100).default([]),
    busyMs: z
      .number()
      .min(0)
      .default(0)
      .meta({ description: 'How long its device has worked since it began.' }),
  }),
  async handler({ studio, caller, body }) {
    const { count } = await studio.db.gpuServer.updateMany({
      where: { id: body.serverId, workerTokenId: caller.workerTokenId },
      data: { lastSeenAt: new Date(), loaded: body.loaded },
    })
    if (count === 0) throw notFound('server')
    studio.metrics?.heardBusy(body.serverId, body.busyMs)
  },
})

export const reportProgress = defineRoute({
  operationId: 'reportProgress',
  method: 'post',
  path: '/worker/progress',
  audit: false,
  tag,
  summary: 'Report how far a piece of work is',
  auth: 'worker',
  body: z.object({
    runId: z.uuid(),
    nodeId: z.string().min(1).max(64),
    itemIndex: z.int().min(0),
    step: z.int().min(0),
    total: z.int().min(1),
    preview: Preview.optional(),
  }),
  async handler({ studio, body }) {
    await studio.events.publish({ type: 'node-run-progress', ...body })
  },
})

export const fetchArtifact = defineRoute({
  operationId: 'fetchArtifact',
  method: 'get',
  path: '/worker/artifacts/:key',
  tag,
  summary: 'The bytes of an artifact; HEAD says whether it is there',
  auth: 'worker',
  params: KeyParams,
  streams: 'application/octet-stream',
  async handler({ studio, params: { key }, request, response }) {
    const row = await studio.db.artifact.findUnique({ where: { key } })
    // Both have to be there: a worker that is told "yes" does not send the bytes again.
    if (!row || !(await studio.artifacts.has(key))) throw notFound('artifact')
    const bytes = Number(row.bytes)
    response.set({ 'Content-Type': row.mediaType, 'Accept-Ranges': 'bytes' })
    const range = readRange(request, response, bytes)
    response.set('Content-Length', String(range ? range.end - range.start + 1 : bytes))
    if (request.method === 'HEAD') response.end()
    else await pipeline(await studio.artifacts.open(key, range), response)
  },
})

export const storeResult = defineRoute({
  operationId: 'storeResult',
  method: 'put',
  path: '/worker/artifacts/:key',
  audit: false,
  tag,
  summary: 'Store a result under the SHA-256 of its bytes; at most 256 MB',
  auth: 'worker',
  params: KeyParams,
  takes: 'bytes',
  status: 201,
  response: z.object({ key: z.string(), bytes: z.int() }),
  async handler({ studio, params: { key }, upload, request }) {
    const bytes = upload?.bytes
    if (!bytes?.length) throw new ProblemError('invalid-request', 'The body is empty.')
    if (artifactKey(bytes) !== key)
      throw new ProblemError('invalid-request', 'The bytes do not have the SHA-256 in the address.', {
        remedy: 'They were damaged on the way: send them again.',
      })
    const claimed = request.headers['content-type']?.split(';')[0]?.trim().toLowerCase() ?? ''
    if (!claimed.startsWith('image/'))
      throw new ProblemError('unsupported-media', `Results are pictures, not "${claimed || 'nothing'}".`, {
        remedy: 'Send the media type of the picture in Content-Type.',
      })
    const picture = await inspectUpload(bytes, {
      maxPixels: largestResultPixels,
      maxBytes: largestResultBytes,
    })
    await storePicture(studio, bytes, picture, null)
    return { key, bytes: bytes.length }
  },
})
