/** Secrets that sign the webhooks of a department, and what became of the webhooks of a run. */
import { sealSecret } from '@defect-studio/stores'
import { z } from 'zod'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { ownRuns } from '../runs/own-runs.ts'
import { IdParams } from '../shapes/page.ts'
import { newWebhookSecret } from '../webhooks/sign-webhook.ts'
import type { Studio } from '../studio.ts'

const tag = 'webhooks'

const WebhookSecret = z
  .object({ id: z.string(), name: z.string(), createdAt: z.iso.datetime() })
  .meta({ id: 'WebhookSecret' })

const ShownSecret = WebhookSecret.extend({
  secret: z
    .string()
    .meta({ description: '`whsec_…`, as libraries of standardwebhooks.com take it. Shown this once.' }),
}).meta({ id: 'ShownWebhookSecret' })

const Name = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'A name has letters, digits, dots, - and _; at most 64.')

export const listWebhookSecrets = defineRoute({
  operationId: 'listWebhookSecrets',
  method: 'get',
  path: '/webhook-secrets',
  tag,
  summary: 'Names of the webhook secrets of your department; the secrets themselves are not shown again',
  auth: 'use-studio',
  response: z.object({ items: z.array(WebhookSecret) }),
  async handler({ studio, caller }) {
    const rows = await studio.db.webhookSecret.findMany({
      where: { departmentId: caller.departmentId },
      orderBy: { name: 'asc' },
    })
    return { items: rows.map(describe) }
  },
})

export const createWebhookSecret = defineRoute({
  operationId: 'createWebhookSecret',
  method: 'post',
  path: '/webhook-secrets',
  tag,
  summary: 'Make a webhook secret; it is shown this once',
  auth: 'manage-webhook-secrets',
  body: z.object({ name: Name }),
  status: 201,
  response: ShownSecret,
  async handler({ studio, caller, body }) {
    const { secret, sealed } = make(studio)
    const data = [{ departmentId: caller.departmentId, name: body.name, sealed }]
    const [row] = await studio.db.webhookSecret.createManyAndReturn({ data, skipDuplicates: true })
    if (!row)
      throw new ProblemError('already-taken', `Your department has a webhook secret "${body.name}".`, {
        remedy: 'Choose another name, or rotate that one.',
      })
    return { ...describe(row), secret }
  },
})

export const rotateWebhookSecret = defineRoute({
  operationId: 'rotateWebhookSecret',
  method: 'post',
  path: '/webhook-secrets/:id/rotate',
  tag,
  summary: 'Replace a webhook secret; what is ordered from now on is signed with the new one',
  auth: 'manage-webhook-secrets',
  params: IdParams,
  response: ShownSecret,
  async handler({ studio, caller, params }) {
    const { secret, sealed } = make(studio)
    const where = { id: params.id, departmentId: caller.departmentId }
    const [row] = await studio.db.webhookSecret.updateManyAndReturn({ where, data: { sealed } })
    if (!row) throw notFound('webhook secret')
    return { ...describe(row), secret }
  },
})

export const deleteWebhookSecret = defineRoute({
  operationId: 'deleteWebhookSecret',
  method: 'delete',
  path: '/webhook-secrets/:id',
  tag,
  summary: 'Delete a webhook secret; graphs that name it are refused from then on',
  auth: 'manage-webhook-secrets',
  params: IdParams,
  async handler({ studio, caller, params }) {
    const where = { id: params.id, departmentId: caller.departmentId }
    const { count } = await studio.db.webhookSecret.deleteMany({ where })
    if (count === 0) throw notFound('webhook secret')
  },
})

const Delivery = z
  .object({
    id: z.string(),
    key: z.string().meta({ description: 'What it tells of: a delivery of one key is made once.' }),
    url: z.string(),
    state: z.enum(['waiting', 'delivered', 'given-up']),
    attempts: z.int(),
    status: z.int().nullable().meta({ description: 'HTTP status of the last answer.' }),
    lastError: z.string().nullable(),
    nextAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'WebhookDelivery' })

export const listDeliveries = defineRoute({
  operationId: 'listDeliveries',
  method: 'get',
  path: '/runs/:id/deliveries',
  tag: 'runs',
  summary: 'The webhooks of a run, and what became of each',
  auth: 'use-studio',
  params: IdParams,
  response: z.object({ items: z.array(Delivery) }),
  async handler({ studio, caller, params }) {
    const mayManage = may(caller.role, 'manage-department-runs')
    const run = await studio.db.run.findFirst({
      where: {
        id: params.id,
        OR: [ownRuns(caller), ...(mayManage ? [{ departmentId: caller.departmentId }] : [])],
      },
      select: { id: true },
    })
    if (!run) throw notFound('run')
    const rows = await studio.db.webhookDelivery.findMany({
      where: { runId: run.id },
      orderBy: { createdAt: 'asc' },
      take: 500,
    })
    return {
      items: rows.map(({ id, key, url, attempts, status, lastError, nextAt, createdAt, ...row }) => ({
        id,
        key,
        url,
        state: deliveryState(row),
        attempts,
        status,
        lastError,
        nextAt: nextAt?.toISOString() ?? null,
        createdAt: createdAt.toISOString(),
        deliveredAt: row.deliveredAt?.toISOString() ?? null,
      })),
    }
  },
})

function deliveryState(row: {
  deliveredAt: Date | null
  givenUpAt: Date | null
}): z.infer<typeof Delivery>['state'] {
  if (row.deliveredAt) return 'delivered'
  return row.givenUpAt ? 'given-up' : 'waiting'
}

const describe = ({ id, name, createdAt }: { id: string; name: string; createdAt: Date }) => ({
  id,
  name,
  createdAt: createdAt.toISOString(),
})

function make({ config }: Pick<Studio, 'config'>): { secret: string; sealed: string } {
  const secret = newWebhookSecret()
  return { secret, sealed: sealSecret(config.signingSecret, 'outgoing-webhook', secret) }
}
