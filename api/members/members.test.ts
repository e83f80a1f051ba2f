import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let owner: string
/** An administrator of the department Paint. */
let painter: string
beforeAll(async () => {
  studio = await startTestStudio()
  owner = await studio.signInOwner()
  painter = await studio.signInMember('painter', 'department_admin', 'Paint')
})
afterAll(() => studio.close())

const member = (loginId: string) => studio.db.member.findUniqueOrThrow({ where: { loginId } })
const idOf = async (loginId: string) => (await member(loginId)).id
const department = async (name: string) =>
  (await studio.db.department.upsert({ where: { name }, create: { name }, update: {} })).id
const put = (token: string, id: string, json: unknown) =>
  studio.call('PUT', `/api/v1/members/${id}`, { token, json })
const post = (token: string, id: string, what: string) =>
  studio.call('POST', `/api/v1/members/${id}/${what}`, { token })
const remove = (token: string, id: string) => studio.call('DELETE', `/api/v1/members/${id}`, { token })

interface MemberPage {
  items: { loginId: string; state: string; departmentName: string }[]
  nextCursor: string | null
}
const list = async (token: string, query: string) =>
  (await studio.call<MemberPage>('GET', `/api/v1/members?${query}`, { token })).body

async function guest(loginId: string, departmentName = 'Paint') {
  const departmentId = await department(departmentName)
  const who = { loginId, name: loginId, nickname: loginId, email: `${loginId}@example.com` }
  return studio.db.member.create({ data: { ...who, role: 'guest', departmentId, language: 'ko' } })
}

interface Answers {
  items: { memberId: string; outcome: string; code?: string }[]
}
const decide = (token: string, decisions: unknown[]) =>
  studio.call<Answers>('POST', '/api/v1/members/decisions', { token, json: { decisions } })

test('members are found by name, role, department and state, page by page', async () => {
  await studio.signInMember('finder-one', 'department_member', 'Paint')
  await studio.signInMember('finder-two', 'department_member', 'Welding')
  expect((await list(owner, 'search=FINDER')).items.map(({ loginId }) => loginId)).toEqual([
    'finder-two',
    'finder-one',
  ])
  expect((await list(owner, 'search=finder_one')).items).toEqual([])
  const first = await list(owner, 'search=finder&limit=1')
  const second = await list(owner, `search=finder&limit=1&cursor=${first.nextCursor}`)
  expect([first, second].map(({ items }) => items[0]?.loginId)).toEqual(['finder-two', 'finder-one'])
  expect(second.nextCursor).toBeNull()
  expect((await list(owner, 'role=super_admin')).items.map(({ loginId }) => loginId)).toEqual(['owner'])
})

test('an administrator of a department sees and changes the own one, as if there were no other', async () => {
  const seen = await list(painter, 'limit=100')
  expect(new Set(seen.items.map(({ departmentName }) => departmentName))).toEqual(new Set(['Paint']))
  const other = await idOf('finder-two')
  for (const answer of [
    await studio.call('GET', `/api/v1/members/${other}`, { token: painter }),
    await put(painter, other, { role: 'department_admin' }),
    await post(painter, other, 'disable'),
    await remove(painter, other),
  ])
    expect(answer.status).toBe(404)
  const own = await idOf('finder-one')
  expect((await put(painter, own, { role: 'super_admin' })).status).toBe(403)
  expect((await put(painter, own, { departmentId: await department('Welding') })).status).toBe(403)
  expect((await put(painter, await idOf('painter'), { role: 'super_admin' })).status).toBe(403)
  expect((await put(painter, own, { role: 'department_admin' })).status).toBe(200)
  await studio.signInMember('boss', 'super_admin', 'Paint')
  expect((await put(painter, await idOf('boss'), { role: 'department_member' })).status).toBe(403)
  expect((await post(painter, await idOf('boss'), 'disable')).status).toBe(403)
  expect((await remove(owner, await idOf('boss'))).status).toBe(204)
  expect((await list(await studio.signInMember('plain'), 'limit=1')).items).toBeUndefined()
})

test('another role ends sign-ins at once, and is written down with the role before', async () => {
  const token = await studio.signInMember('riser', 'department_member', 'Paint')
  const id = await idOf('riser')
  expect((await put(owner, id, { role: 'department_admin' })).status).toBe(200)
  expect((await studio.call('GET', '/api/v1/graphs', { token })).status).toBe(401)
  const entry = await studio.db.auditEntry.findFirstOrThrow({ where: { objectId: id } })
  expect(entry).toMatchObject({
    action: 'members.change',
    objectName: 'riser',
    details: { roleBefore: 'department_member', role: 'department_admin' },
  })
})

test('who moves leaves the tokens with the department, but for those that runs hold', async () => {
  await studio.signInMember('mover', 'department_member', 'Paint')
  const { id, departmentId } = await member('mover')
  const welding = await department('Welding')
  const order = { departmentId, byMemberId: null }
  await studio.ledger.issue({ ...order, idem: 'issue-mover', amount: 10_000_000n, expiresAt: null })
  await studio.ledger.distribute({ ...order, idem: 'give-mover', memberId: id, amount: 10_000_000n })
  const runId = crypto.randomUUID()
  await studio.ledger.hold({ idem: 'hold-mover', memberId: id, amount: 3_000_000n, runId, nodeId: 'n' })
  expect((await put(owner, id, { departmentId: welding })).status).toBe(200)
  expect(await studio.ledger.balanceOf({ kind: 'member', id })).toMatchObject({
    posted: 3_000_000n,
    available: 0n,
  })
  expect(await studio.ledger.balanceOf({ kind: 'department', id: departmentId })).toMatchObject({
    available: 7_000_000n,
  })
  expect(await studio.ledger.checkInvariants()).toEqual([])
})

test('a disabled member is out at once, with every key, and comes in again without them', async () => {
  const token = await studio.signInMember('leaver', 'department_member', 'Paint')
  const { body: key } = await studio.call('POST', '/api/v1/api-keys', { token, json: { name: 'k' } })
  const id = await idOf('leaver')
  expect((await post(painter, id, 'disable')).body).toMatchObject({ state: 'disabled' })
  for (const shown of [token, key.key])
    expect((await studio.call('GET', '/api/v1/graphs', { token: shown })).status).toBe(401)
  expect((await studio.signIn('leaver', 'password of a member')).status).toBe(401)
  expect((await post(painter, id, 'enable')).body).toMatchObject({ state: 'active' })
  expect((await studio.call('GET', '/api/v1/graphs', { token: key.key })).status).toBe(401)
  expect((await studio.signIn('leaver', 'password of a member')).status).toBe(200)
  expect((await post(painter, await idOf('painter'), 'disable')).status).toBe(403)
})

test('a deleted member leaves the work and no name; the tokens go back', async () => {
  const token = await studio.signInMember('gone-soon', 'department_member', 'Paint')
  const { id, departmentId } = await member('gone-soon')
  const json = { name: 'stays', graph: { formatVersion: 2, nodes: [], edges: [] } }
  const { body: graph } = await studio.call('POST', '/api/v1/graphs', { token, json })
  const before = await studio.ledger.balanceOf({ kind: 'department', id: departmentId })
  const order = { departmentId, memberId: id, byMemberId: null }
  await studio.ledger.distribute({ ...order, idem: 'give-gone', amount: 2_000_000n })
  expect((await remove(painter, id)).status).toBe(204)
  expect(await studio.db.graph.findUniqueOrThrow({ where: { id: graph.id } })).toMatchObject({ ownerId: id })
  const row = await studio.db.member.findUniqueOrThrow({ where: { id } })
  expect(JSON.stringify(row)).not.toContain('gone-soon')
  expect(await studio.ledger.balanceOf({ kind: 'department', id: departmentId })).toEqual(before)
  expect((await list(painter, 'search=gone-soon')).items).toEqual([])
  expect((await list(painter, 'state=deleted')).items.map(({ state }) => state)).toContain('deleted')
  expect((await remove(painter, id)).status).toBe(404)
  const mails = await studio.db.outgoingMail.findMany({ where: { key: `member-deleted-${id}` } })
  expect(mails).toHaveLength(1)
})

test('the last super admin neither steps down nor is disabled by another who steps down at the same time', async () => {
  expect((await put(owner, await idOf('owner'), { role: 'department_member' })).body).toMatchObject({
    code: 'last-super-admin',
    status: 409,
  })
  const refused = await studio.db.auditEntry.findFirstOrThrow({
    where: { outcome: 'refused' },
    orderBy: { at: 'desc' },
  })
  expect(refused).toMatchObject({ action: 'members.change', details: { reason: 'last-super-admin' } })
  const second = await studio.signInMember('second', 'super_admin', 'Paint')
  const [ownerId, secondId] = [await idOf('owner'), await idOf('second')]
  const answers = await Promise.all([
    put(owner, secondId, { role: 'department_member' }),
    put(second, ownerId, { role: 'department_member' }),
  ])
  const left = await studio.db.member.findMany({ where: { role: 'super_admin', disabledAt: null } })
  expect(left).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  await studio.db.member.update({ where: { id: ownerId }, data: { role: 'super_admin' } })
  owner = (await studio.signIn('owner', 'correct horse battery')).body.accessToken
})

test('guests are approved and rejected many at once, each answered for itself and told once', async () => {
  const [yes, no, foreign] = [await guest('yes'), await guest('no'), await guest('foreign', 'Welding')]
  const decisions = [
    { memberId: yes.id, approve: true },
    { memberId: no.id, approve: false, reason: 'We do not know you.\nReally.' },
    { memberId: foreign.id, approve: true },
    { memberId: crypto.randomUUID(), approve: false },
  ]
  const first = await decide(painter, decisions)
  expect(first.body.items.map(({ outcome, code }) => code ?? outcome)).toEqual([
    'approved',
    'rejected',
    'not-found',
    'not-found',
  ])
  const again = await decide(painter, decisions)
  expect(again.body.items.map(({ outcome }) => outcome)).toEqual([
    'already-approved',
    'already-rejected',
    'refused',
    'refused',
  ])
  expect(await member('yes')).toMatchObject({
    role: 'department_member',
    approvedAt: expect.any(Date) as Date,
  })
  expect(JSON.stringify(await studio.db.member.findUniqueOrThrow({ where: { id: no.id } }))).not.toContain(
    '"no"',
  )
  const mails = await studio.db.outgoingMail.findMany({ where: { key: { startsWith: 'guest-' } } })
  expect(mails.map(({ key }) => key).sort()).toEqual(
    [`guest-approved-${yes.id}`, `guest-rejected-${no.id}`].sort(),
  )
  expect(mails.find(({ key }) => key.startsWith('guest-approved'))?.subject).toBe('가입이 승인되었습니다')
  expect((await decide(painter, [{ memberId: yes.id, approve: false }])).body.items[0]?.code).toBe(
    'member-unfit',
  )
  expect(
    (await decide(painter, [{ memberId: foreign.id, approve: true, role: 'super_admin' }])).body.items[0]
      ?.code,
  ).toBe('not-allowed')
})

test('approved by two at once, a guest is told once', async () => {
  const { id } = await guest('twice')
  const answers = await Promise.all(
    [owner, painter, owner].map((token) => decide(token, [{ memberId: id, approve: true }])),
  )
  expect(answers.map(({ body }) => body.items[0]?.outcome).sort()).toEqual([
    'already-approved',
    'already-approved',
    'approved',
  ])
  expect(await studio.db.outgoingMail.count({ where: { key: `guest-approved-${id}` } })).toBe(1)
  expect(await studio.db.auditEntry.count({ where: { action: 'members.approve', objectId: id } })).toBe(1)
})
