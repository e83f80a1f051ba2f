/** API keys: how the command line and scripts act for a member. */
import { z } from 'zod'
import { apiKeyPrefix, createSecretToken } from '../auth/secret-tokens.ts'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import { IdParams } from '../shapes/page.ts'
import { describeKey, KeyDescription, KeyName } from '../shapes/secret-key.ts'

const tag = 'keys'

export const listApiKeys = defineRoute({
  method: 'get',
  path: '/api-keys',
  tag,
  summary: 'Your API keys; the keys themselves are not kept',
  auth: 'use-studio',
  response: z.object({ items: z.array(KeyDescription) }),
  async handler({ studio, caller }) {
    const rows = await studio.db.apiKey.findMany({
      where: { memberId: caller.memberId },
      orderBy: { createdAt: 'desc' },
    })
    return { items: rows.map(describeKey) }
  },
})

export const createApiKey = defineRoute({
  method: 'post',
  path: '/api-keys',
  tag,
  summary: 'Make an API key; it is shown this once',
  auth: 'use-studio',
  body: z.object({ name: KeyName }),
  status: 201,
  response: KeyDescription.extend({ key: z.string() }),
  async handler({ studio, caller, body }) {
    const { token, hash, shownPrefix } = createSecretToken(apiKeyPrefix)
    const row = await studio.db.apiKey.create({
      data: { memberId: caller.memberId, name: body.name, prefix: shownPrefix, hash },
    })
    return { ...describeKey(row), key: token }
  },
})

export const revokeApiKey = defineRoute({
  method: 'delete',
  path: '/api-keys/:id',
  tag,
  summary: 'Revoke an API key; it stops working at once',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    const { count } = await studio.db.apiKey.updateMany({
      where: { id: params.id, memberId: caller.memberId, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (count === 0) throw notFound('API key')
  },
})
