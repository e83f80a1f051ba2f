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
  await expect(db.$executeRaw`UPDATE "AuditEntry" SET "actorName" = 'x'`).rejects.toThrow(/never changed/)
  await expect(db.$executeRaw`DELETE FROM "AuditEntry"`).rejects.toThrow(/never changed/)
  await expect(db.$executeRaw`TRUNCATE "AuditEntry"`).rejects.toThrow(/never changed/)
  await expect(db.auditEntry.deleteMany()).rejects.toThrow()
})

test('administrators filter it; those of a department see what concerns the own one', async () => {
  const departmentAdmin = await studio.signInMember('audit-admin', 'department_admin', 'curious')
  const list = async (query: string, as = token) =>
    (await studio.call<AuditPage>('GET', `/api/v1/audit?${query}`, { token: as })).body.items
  const graphs = await list('action=graphs.&outcome=refused')
  expect(graphs.map(({ actorName, action }) => [actorName, action])).toEqual([['curious', 'graphs.delete']])
  expect(await list('words=my+graph&actor=owner')).toHaveLength(1)
  expect(await list('words=100%25')).toEqual([])
  expect(await list('until=2020-01-01T00:00:00Z')).toEqual([])
  const { departmentId } = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'audit-admin' } })
  const seen = await list('limit=100', departmentAdmin)
  expect(seen.length).toBeGreaterThan(2)
  expect(seen.every((entry) => entry.departmentId === departmentId)).toBe(true)
  const other = await studio.db.department.findFirstOrThrow({ where: { id: { not: departmentId } } })
  expect(await list(`departmentId=${other.id}`, departmentAdmin)).toEqual([])
  const member = await studio.signInMember('audit-member')
  expect((await studio.call('GET', '/api/v1/audit', { token: member })).status).toBe(403)
})

test('pages hold every entry once, also when more come meanwhile', async () => {
  const seen: string[] = []
  let cursor: string | null = null
  const count = await studio.db.auditEntry.count()
  do {
    const query: string = cursor ? `&cursor=${cursor}` : ''
    const { body }: { body: AuditPage } = await studio.call('GET', `/api/v1/audit?limit=3${query}`, { token })
    seen.push(...body.items.map(({ id }) => id))
    cursor = body.nextCursor
    if (seen.length === 3) await studio.call('DELETE', `/api/v1/graphs/${crypto.randomUUID()}`, { token })
  } while (cursor)
  expect(seen).toHaveLength(count)
  expect(new Set(seen).size).toBe(count)
})

test('it is taken along as CSV and JSON Lines, and that is written down too', async () => {
  const json = { name: '=HYPERLINK("http://x")', graph: { formatVersion: 2, nodes: [], edges: [] } }
  await studio.call('POST', '/api/v1/graphs', { token, json })
  const csv = await studio.call<string>('GET', '/api/v1/audit.csv?action=graphs.create', { token })
  expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"')
  expect(csv.body).toContain(`,"'=HYPERLINK(""http://x"")",`)
  expect(csv.body.trimEnd().split('\r\n')).toHaveLength(3)
  expect(await latest()).toMatchObject({
    action: 'audit.export',
    outcome: 'done',
    details: { format: 'csv' },
  })
  const before = await studio.db.auditEntry.count()
  const answer = await fetch(`${studio.url}/api/v1/audit.jsonl?limit=1`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const lines = (await answer.text()).trimEnd().split('\n')
  expect(lines).toHaveLength(before)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ action: 'audit.export' })
})

interface AuditPage {
  items: { id: string; action: string; actorName: string; departmentId: string | null }[]
  nextCursor: string | null
}
