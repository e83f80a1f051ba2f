/** API keys: how the command line and scripts act for a member. */
import { z } from 'zod'
import { readableGraphs } from '@defect-studio/stores'
import type { Caller } from '../auth/caller.ts'
import { isLimited, KeyScope } from '../auth/key-scopes.ts'
import { apiKeyPrefix, createSecretToken } from '../auth/secret-tokens.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { IdParams } from '../shapes/page.ts'
import { ApiKeyDescription, describeApiKey, KeyName } from '../shapes/secret-key.ts'

const tag = 'keys'

export const listApiKeys = defineRoute({
  operationId: 'listApiKeys',
  method: 'get',
  path: '/api-keys',
  tag,
  summary: 'Your API keys; the keys themselves are not kept',
  auth: 'use-studio',
  response: z.object({ items: z.array(ApiKeyDescription) }),
  async handler({ studio, caller }) {
    const rows = await studio.db.apiKey.findMany({
      where: { memberId: caller.memberId },
      orderBy: { createdAt: 'desc' },
    })
    return { items: rows.map(describeApiKey) }
  },
})

export const createApiKey = defineRoute({
  operationId: 'createApiKey',
  method: 'post',
  path: '/api-keys',
  tag,
  summary: 'Make an API key; it is shown this once',
  auth: 'use-studio',
  description:
    'Without scopes it may do everything that you may; without an expiry it works until it is revoked.',
  body: z.object({
    name: KeyName,
    scopes: z.array(KeyScope).max(20).default([]),
    graphIds: z
      .array(z.uuid())
      .max(100)
      .default([])
      .meta({ description: 'Binds the key to runs of these graphs.' }),
    expiresAt: z.iso.datetime().nullable().default(null),
  }),
  status: 201,
  response: ApiKeyDescription.extend({ key: z.string() }),
  async handler({ studio, caller, body }) {
    refuseLimited(caller)
    const expiresAt = body.expiresAt === null ? null : new Date(body.expiresAt)
    if (expiresAt && expiresAt <= new Date())
      throw new ProblemError('invalid-request', 'expiresAt lies in the past.', {
        remedy: 'Name a later time.',
      })
    const graphIds = [...new Set(body.graphIds)]
    const readable = await studio.db.graph.count({
      where: { AND: [readableGraphs(caller), { id: { in: graphIds } }] },
    })
    if (readable < graphIds.length) throw notFound('graph')
    const { token, hash, shownPrefix } = createSecretToken(apiKeyPrefix)
    const row = await studio.db.apiKey.create({
      data: {
        memberId: caller.memberId,
        name: body.name,
        prefix: shownPrefix,
        hash,
        scopes: [...new Set(body.scopes)],
        graphIds,
        expiresAt,
      },
    })
    return { ...describeApiKey(row), key: token }
  },
})

export const revokeApiKey = defineRoute({
  operationId: 'revokeApiKey',
  method: 'delete',
  path: '/api-keys/:id',
  tag,
  summary: 'Revoke an API key; it stops working at once',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    refuseLimited(caller)
    const { count } = await studio.db.apiKey.updateMany({
      where: { id: params.id, memberId: caller.memberId, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (count === 0) throw notFound('API key')
  },
})

/** A key that may do less than its member, or for a time alone, does not make one that may do more. */
function refuseLimited({ key }: Caller): void {
  if (key && isLimited(key))
    throw new ProblemError('not-allowed', 'An API key with limits does not make or revoke keys.', {
      remedy: 'Sign in, or use a key without limits.',
    })
}
