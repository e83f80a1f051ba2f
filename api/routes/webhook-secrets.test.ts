/** Webhook secrets are shown once, kept sealed, and belong to one department; deliveries to the owner of the run. */
import { openSecret, queueDelivery } from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
const tokens: Record<string, string> = {}
beforeAll(async () => {
  studio = await startTestStudio()
  tokens['boss'] = await studio.signInMember('boss', 'department_admin', 'line 1')
  tokens['kim'] = await studio.signInMember('kim', 'department_member', 'line 1')
  tokens['stranger'] = await studio.signInMember('stranger', 'department_admin', 'line 2')
})
afterAll(() => studio.close())

interface SecretBody {
  id: string
  name: string
  secret: string
  code: string
  items: { name: string; state: string; lastError: string | null }[]
}
const call = (who: string, method: string, path: string, json?: unknown) =>
  studio.call<SecretBody>(method, `/api/v1${path}`, { token: tokens[who], json })

test('a secret is shown once, kept sealed, and changed by rotating it', async () => {
  const made = await call('boss', 'POST', '/webhook-secrets', { name: 'mes' })
  expect(made.status).toBe(201)
  expect(made.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
  const row = await studio.db.webhookSecret.findUniqueOrThrow({ where: { id: made.body.id } })
  expect(row.sealed).not.toContain(made.body.secret.slice(6))
  expect(openSecret(studio.config.signingSecret, 'outgoing-webhook', row.sealed)).toBe(made.body.secret)
  const list = await call('kim', 'GET', '/webhook-secrets')
  expect(list.body.items.map(({ name }) => name)).toEqual(['mes'])
  expect(JSON.stringify(list.body)).not.toContain('whsec_')
  const rotated = await call('boss', 'POST', `/webhook-secrets/${made.body.id}/rotate`)
  expect(rotated.body.secret).toMatch(/^whsec_/)
  expect(rotated.body.secret).not.toBe(made.body.secret)
  expect((await call('boss', 'POST', '/webhook-secrets', { name: 'mes' })).body.code).toBe('already-taken')
})

test('members see names alone, and other departments nothing', async () => {
  const { id } = (await call('boss', 'POST', '/webhook-secrets', { name: 'erp' })).body
  expect((await call('kim', 'POST', '/webhook-secrets', { name: 'x' })).status).toBe(403)
  expect((await call('kim', 'DELETE', `/webhook-secrets/${id}`)).status).toBe(403)
  expect((await call('stranger', 'GET', '/webhook-secrets')).body.items).toEqual([])
  expect((await call('stranger', 'POST', `/webhook-secrets/${id}/rotate`)).status).toBe(404)
  expect((await call('stranger', 'DELETE', `/webhook-secrets/${id}`)).status).toBe(404)
  expect((await call('boss', 'DELETE', `/webhook-secrets/${id}`)).status).toBe(204)
  expect((await call('boss', 'POST', '/webhook-secrets', { name: '../x' })).status).toBe(422)
})

test('what became of the webhooks of a run is shown to its owner and the administrator', async () => {
  const owner = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'kim' } })
  const run = await studio.db.run.create({
    data: {
      graphName: 'g',
      ownerId: owner.id,
      departmentId: owner.departmentId,
      document: {},
      plan: {},
      quote: 0,
      requestHash: '-',
      dispatchedAt: new Date(),
    },
  })
  await queueDelivery(studio.db, {
    key: 'run-ended:1',
    url: 'https://127.0.0.1:9/hook',
    sealedSecret: null,
    body: {},
    runId: run.id,
    departmentId: owner.departmentId,
  })
  const read = () => call('kim', 'GET', `/runs/${run.id}/deliveries`)
  await expect.poll(async () => (await read()).body.items[0]?.state, { timeout: 10_000 }).toBe('given-up')
  expect((await read()).body.items[0]?.lastError).toContain('inside this network')
  expect((await call('boss', 'GET', `/runs/${run.id}/deliveries`)).status).toBe(200)
  expect((await call('stranger', 'GET', `/runs/${run.id}/deliveries`)).status).toBe(404)
})
