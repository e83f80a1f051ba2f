/** Worker tokens, by which GPU hosts join, and the servers that joined. */
import { serverGoneMs } from '@defect-studio/stores'
import { z } from 'zod'
import { createSecretToken, workerTokenPrefix } from '../auth/secret-tokens.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { LoadedModel, Server } from '../shapes/model.ts'
import { IdParams } from '../shapes/page.ts'
import { describeKey, KeyDescription, KeyName } from '../shapes/secret-key.ts'
import { localWorkerName } from '../setup/local-worker.ts'
import { readModelList } from '../workers/list-models.ts'

const tag = 'servers'

export const listWorkerTokens = defineRoute({
  operationId: 'listWorkerTokens',
  method: 'get',
  path: '/worker-tokens',
  tag,
  summary: 'The tokens by which GPU hosts join; the tokens themselves are not kept',
  auth: 'manage-workers',
  response: z.object({ items: z.array(KeyDescription) }),
  async handler({ studio }) {
    const rows = await studio.db.workerToken.findMany({ orderBy: { createdAt: 'desc' } })
    return { items: rows.map(describeKey) }
  },
})

export const createWorkerToken = defineRoute({
  operationId: 'createWorkerToken',
  method: 'post',
  path: '/worker-tokens',
  tag,
  summary: 'Make a worker token; it is shown this once',
  description: 'A GPU host needs it beside the addresses of the API and of Temporal, and nothing else.',
  auth: 'manage-workers',
  body: z.object({ name: KeyName }),
  status: 201,
  response: KeyDescription.extend({ token: z.string() }),
  async handler({ studio, body }) {
    if (body.name === localWorkerName)
      throw new ProblemError(
        'already-taken',
        `"${localWorkerName}" is the worker that the studio starts itself.`,
        {
          remedy: 'Choose another name.',
        },
      )
    const { token, hash, shownPrefix } = createSecretToken(workerTokenPrefix)
    const row = await studio.db.workerToken.create({ data: { name: body.name, prefix: shownPrefix, hash } })
    return { ...describeKey(row), token }
  },
})

export const revokeWorkerToken = defineRoute({
  operationId: 'revokeWorkerToken',
  method: 'delete',
  path: '/worker-tokens/:id',
  tag,
  summary: 'Revoke a worker token; its hosts can do nothing more',
  auth: 'manage-workers',
  params: IdParams,
  async handler({ studio, params }) {
    const { count } = await studio.db.workerToken.updateMany({
      where: { id: params.id, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (count === 0) throw notFound('worker token')
  },
})

export const listServers = defineRoute({
  operationId: 'listServers',
  method: 'get',
  path: '/servers',
  tag,
  summary: 'The GPU servers that have registered',
  auth: 'use-studio',
  response: z.object({ items: z.array(Server) }),
  async handler({ studio }) {
    const rows = await studio.db.gpuServer.findMany({
      where: { workerToken: { revokedAt: null } },
      orderBy: { name: 'asc' },
    })
    return {
      items: rows.map((row) => ({
        id: row.id,
        name: row.name,
        provider: row.provider,
        device: row.device,
        memoryMb: row.memoryMb,
        version: row.version,
        models: readModelList(row.models).map((model) => model.id),
        loaded: z.array(LoadedModel).parse(row.loaded),
        online: Date.now() - row.lastSeenAt.getTime() < serverGoneMs,
        startedAt: row.startedAt.toISOString(),
        lastSeenAt: row.lastSeenAt.toISOString(),
      })),
    }
  },
})
