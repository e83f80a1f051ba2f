import { afterAll, beforeAll, expect, test } from 'vitest'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const latest = () => studio.db.auditEntry.findFirstOrThrow({ orderBy: [{ at: 'desc' }, { id: 'desc' }] })

test('what succeeds is written down before it is answered: who, from where, what, to what', async () => {
  const headers = { 'user-agent': 'a terminal', 'x-request-id': 'request-1' }
  const json = { name: 'My graph', graph: { formatVersion: 2, nodes: [], edges: [] } }
  const { body } = await studio.call('POST', '/api/v1/graphs', { token, json, headers })
  expect(await latest()).toMatchObject({
    action: 'graphs.create',
    outcome: 'done',
    actorName: owner.loginId,
    actorRole: 'super_admin',
    by: 'session',
    address: '127.0.0.1',
    userAgent: 'a terminal',
    requestId: 'request-1',
    objectKind: 'graph',
    objectId: body.id,
    objectName: 'My graph',
    details: {},
  })
})

test("somebody else's object is written down as a refusal, in the department of who asked", async () => {
  const graph = await studio.db.graph.findFirstOrThrow()
  const curious = await studio.signInMember('curious')
  expect((await studio.call('DELETE', `/api/v1/graphs/${graph.id}`, { token: curious })).status).toBe(404)
  const member = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'curious' } })
  expect(await latest()).toMatchObject({
    action: 'graphs.delete',
    outcome: 'refused',
    actorId: member.id,
    departmentId: member.departmentId,
    objectId: graph.id,
    details: { reason: 'not-found' },
  })
  expect(
    (await studio.call('POST', '/api/v1/worker-tokens', { token: curious, json: { name: 'w' } })).status,
  ).toBe(403)
  expect(await latest()).toMatchObject({ actorName: 'curious', details: { reason: 'not-allowed' } })
})

test('sign-ins are written down, refused ones with whose account was meant, and never a password', async () => {
  await studio.signIn(owner.loginId, owner.password)
  expect(await latest()).toMatchObject({ action: 'auth.login', outcome: 'done', actorName: owner.loginId })
  await studio.signIn(owner.loginId, 'a wrong password')
  expect(await latest()).toMatchObject({
    action: 'auth.login',
    outcome: 'refused',
    by: 'nobody',
    objectName: 'owner',
  })
  await studio.signIn('hunter2-typed-in-the-wrong-field', 'x')
  expect(await latest()).toMatchObject({ outcome: 'refused', objectName: null, actorName: 'nobody' })
  const all = JSON.stringify(await studio.db.auditEntry.findMany())
  expect(all).not.toMatch(/wrong password|correct horse|hunter2/)
})

test('strangers, bodies that are no request, and reading leave nothing', async () => {
  const before = await studio.db.auditEntry.count()
  await studio.call('POST', '/api/v1/graphs', { json: {} })
  await studio.call('POST', '/api/v1/graphs', { token, json: {} })
  await studio.call('GET', '/api/v1/graphs', { token })
  await studio.call('DELETE', `/api/v1/graphs/${crypto.randomUUID()}`, { token: 'dsk_nobody' })
  expect(await studio.db.auditEntry.count()).toBe(before)
})

test('the database refuses to change, delete or empty what is written', async () => {
  const { db } = studio
  await expect(db.auditEntry.updateMany({ data: { actorName: 'x' } })).rejects.toThrow(/never changed/)
  await expect(db.auditEntry.deleteMany()).rejects.toThrow(/never changed/)
  await expect(db.$executeRaw`TRUNCATE "AuditEntry"`).rejects.toThrow(/never changed/)
})
