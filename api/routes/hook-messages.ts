/** What other systems send to a hook: signed, mapped to the graph's inputs, and run as the hook's owner. */
import { JsonValue } from '@defect-studio/nodes'
import type { GraphHook, Member } from '@defect-studio/prisma'
import { createRun, hashRequest, openSecret, RunRefusal } from '@defect-studio/stores'
import type { Request } from 'express'
import { z } from 'zod'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { HookMapping, mapBody } from '../hooks/map-body.ts'
import { refuseMessage } from '../hooks/verify-message.ts'
import { findUnkeepable } from '../keepable-json.ts'
import { ProblemError } from '../problem.ts'
import { runWorld } from '../runs/run-world.ts'
import { IdParams } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'

/** Once a minute is exact enough for "last used". */
const lastUsedMs = 60_000

export const receiveMessage = defineRoute({
  operationId: 'receiveMessage',
  method: 'post',
  path: '/hooks/:id',
  tag: 'hooks',
  summary: 'Start the graph of a hook',
  description:
    'Signed as Standard Webhooks say (webhook-id, webhook-timestamp within 5 minutes, webhook-signature), or with ' +
    '`Authorization: Bearer` and the secret. The same webhook-id starts one run. At most 1 MB.',
  auth: 'public',
  limited: 'messages',
  params: IdParams,
  takes: 'message',
  status: 202,
  response: z.object({ runId: z.uuid() }),
  async handler({ studio, params, upload, request }) {
    const body = upload?.bytes ?? Buffer.alloc(0)
    const hook = await studio.db.graphHook.findFirst({ where: { id: params.id, revokedAt: null } })
    const reason = hook
      ? refuseMessage(
          { body, header: (name) => request.get(name) },
          secretOf(studio, hook),
          Date.now() / 1000,
        )
      : 'There is no such hook.'
    if (!hook || reason !== null)
      throw new ProblemError(
        'not-signed-in',
        hook ? (reason ?? '') : 'The message is not signed for a hook.',
        {
          remedy: 'Sign it with the secret that was shown when the hook was made.',
        },
      )
    const owner = await ownerOf(studio, hook)
    const message = parseBody(body)
    const { inputs, problems } = mapBody(message, HookMapping.parse(hook.mapping))
    if (problems.length > 0)
      throw new RunRefusal('invalid-graph', problems[0]?.message ?? 'The body lacks values.', { problems })
    const key = messageKey(hook, request)
    const { run, isNew } = await createRun(
      runWorld(studio),
      { memberId: owner.id, departmentId: owner.departmentId, role: owner.role },
      {
        source: { graphId: hook.graphId, revision: hook.revision ?? undefined },
        inputs,
        params: {},
        trigger: 'webhook',
      },
      key === null ? null : { key, requestHash: hashRequest({ hook: hook.id, message }) },
    )
    if (isNew) studio.dispatcher.start(run)
    if (!hook.lastUsedAt || Date.now() - hook.lastUsedAt.getTime() > lastUsedMs)
      await studio.db.graphHook.update({ where: { id: hook.id }, data: { lastUsedAt: new Date() } })
    return { runId: run.id }
  },
})

const secretOf = ({ config }: Studio, hook: GraphHook): string =>
  openSecret(config.signingSecret, 'graph-hook', hook.sealedSecret)

/** Whoever made the hook has to be able to run the graph oneself, now as then. */
async function ownerOf({ db }: Studio, hook: GraphHook): Promise<Member> {
  const owner = await db.member.findFirst({
    where: { id: hook.ownerId, disabledAt: null, departmentId: hook.departmentId },
  })
  if (!owner || !may(owner.role, 'use-studio'))
    throw new ProblemError('not-allowed', 'Whoever made this hook may no longer run graphs.', {
      remedy: 'Ask somebody of the department to make a new hook.',
    })
  return owner
}

function parseBody(body: Buffer): JsonValue {
  const value = body.length === 0 ? {} : readJson(body)
  const unkeepable = findUnkeepable(value)
  if (unkeepable)
    throw new ProblemError('invalid-request', unkeepable.message, {
      problems: [{ code: 'unkeepable', field: unkeepable.field || 'body', message: unkeepable.message }],
    })
  return JsonValue.parse(value)
}

function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new ProblemError('malformed-request', 'The body is no JSON.', { remedy: 'Send a JSON body.' })
  }
}

/** Of the sender's choice; each hook has its own. */
function messageKey(hook: GraphHook, request: Request): string | null {
  const id = request.get('webhook-id') ?? request.get('idempotency-key')
  if (id === undefined) return null
  if (/^[\x21-\x7e]{1,200}$/.test(id)) return `hook:${hook.id}:${id}`
  throw new ProblemError('invalid-request', 'The webhook-id has to be 1 to 200 printable characters.')
}
