/** Where one is signed in, and ending that. */
import { endSessions, publishChange } from '@defect-studio/stores'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import { IdParams } from '../shapes/page.ts'

const tag = 'sessions'

/** More than that nobody reads; the oldest use goes first from the list, not from the studio. */
const mostShown = 200

const SessionDescription = z
  .object({
    id: z.uuid(),
    userAgent: z.string().meta({ description: 'What the browser or program calls itself.' }),
    address: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    isThis: z.boolean().meta({ description: 'The one that asks.' }),
  })
  .meta({ id: 'Session' })

export const listSessions = defineRoute({
  operationId: 'listSessions',
  method: 'get',
  path: '/sessions',
  tag,
  summary: 'Where you are signed in, last used first',
  auth: 'use-studio',
  sessionOnly: true,
  response: z.object({ items: z.array(SessionDescription) }),
  async handler({ studio, caller }) {
    const rows = await studio.db.session.findMany({
      where: { memberId: caller.memberId, revokedAt: null, expiresAt: { gt: new Date() } },
      orderBy: [{ lastUsedAt: 'desc' }, { id: 'asc' }],
      take: mostShown,
    })
    return {
      items: rows.map(({ id, userAgent, address, createdAt, lastUsedAt, expiresAt }) => ({
        ...{ id, userAgent, address },
        createdAt: createdAt.toISOString(),
        lastUsedAt: lastUsedAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        isThis: id === caller.sessionId,
      })),
    }
  },
})

export const endSession = defineRoute({
  operationId: 'endSession',
  method: 'delete',
  path: '/sessions/:id',
  tag,
  summary: 'End one of your sessions; its access tokens stop working at once',
  auth: 'use-studio',
  sessionOnly: true,
  params: IdParams,
  async handler({ studio, caller, params }) {
    await studio.db.$transaction(async (tx) => {
      const { count } = await tx.session.updateMany({
        where: { id: params.id, memberId: caller.memberId, revokedAt: null },
        data: { revokedAt: new Date() },
      })
      if (count === 0) throw notFound('session')
      await publishChange(tx, { topic: 'sessions', memberId: caller.memberId })
    })
  },
})

export const endOtherSessions = defineRoute({
  operationId: 'endOtherSessions',
  method: 'delete',
  path: '/sessions',
  tag,
  summary: 'End all of your sessions but the one that asks',
  auth: 'use-studio',
  sessionOnly: true,
  status: 200,
  response: z.object({ ended: z.int() }),
  handler: async ({ studio, caller }) => ({
    ended: await studio.db.$transaction((tx) =>
      endSessions(tx, caller.memberId, { except: caller.sessionId ?? undefined }),
    ),
  }),
})
