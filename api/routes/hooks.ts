/** Hooks of a graph: addresses under which other systems start it. Made, listed, given a new secret, revoked. */
import { randomBytes } from 'node:crypto'
import { readableGraphs, sealSecret } from '@defect-studio/stores'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { secretOf } from '../hooks/verify-message.ts'
import { notFound } from '../problem.ts'
import { describeHook, HookDescription, HookSecret, NewGraphHook } from '../shapes/graph-hook.ts'
import { IdParams } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'

const tag = 'hooks'

export const createHook = defineRoute({
  operationId: 'createHook',
  method: 'post',
  path: '/graphs/:id/hooks',
  tag,
  summary: 'Make an address under which another system starts this graph, for you and with your tokens',
  auth: 'use-studio',
  params: IdParams,
  body: NewGraphHook,
  status: 201,
  response: HookDescription.extend(HookSecret.shape),
  async handler({ studio, caller, params, body }) {
    const graph = await studio.db.graph.findFirst({
      where: { AND: [readableGraphs(caller), { id: params.id }] },
      select: { id: true },
    })
    if (!graph) throw notFound('graph')
    const { secret, sealedSecret } = newSecret(studio)
    const row = await studio.db.graphHook.create({
      data: {
        ...body,
        graphId: graph.id,
        ownerId: caller.memberId,
        departmentId: caller.departmentId,
        sealedSecret,
      },
    })
    return { ...describeHook(row), secret }
  },
})

export const listHooks = defineRoute({
  operationId: 'listHooks',
  method: 'get',
  path: '/graphs/:id/hooks',
  tag,
  summary: 'Your hooks of this graph',
  auth: 'use-studio',
  params: IdParams,
  response: z.object({ items: z.array(HookDescription) }),
  async handler({ studio, caller, params }) {
    const rows = await studio.db.graphHook.findMany({
      where: { graphId: params.id, ownerId: caller.memberId },
      orderBy: { createdAt: 'desc' },
      take: 200,
    })
    return { items: rows.map(describeHook) }
  },
})

export const rotateHook = defineRoute({
  operationId: 'rotateHook',
  method: 'post',
  path: '/hooks/:id/rotate',
  tag,
  summary: 'Give a hook a new secret; the old one stops working at once',
  auth: 'use-studio',
  params: IdParams,
  response: HookSecret,
  async handler({ studio, caller, params }) {
    const { secret, sealedSecret } = newSecret(studio)
    const { count } = await studio.db.graphHook.updateMany({
      where: { id: params.id, ownerId: caller.memberId, revokedAt: null },
      data: { sealedSecret },
    })
    if (count === 0) throw notFound('hook')
    return { secret }
  },
})

export const revokeHook = defineRoute({
  operationId: 'revokeHook',
  method: 'delete',
  path: '/hooks/:id',
  tag,
  summary: 'Revoke a hook; it stops working at once',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    const { count } = await studio.db.graphHook.updateMany({
      where: { id: params.id, ownerId: caller.memberId, revokedAt: null },
      data: { revokedAt: new Date() },
    })
    if (count === 0) throw notFound('hook')
  },
})

/** 256 random bits, as many as the signature has. */
function newSecret({ config }: Studio): { secret: string; sealedSecret: string } {
  const secret = secretOf(randomBytes(32))
  return { secret, sealedSecret: sealSecret(config.signingSecret, 'graph-hook', secret) }
}
