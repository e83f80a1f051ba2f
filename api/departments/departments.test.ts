import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let owner: string
beforeAll(async () => {
  studio = await startTestStudio()
  owner = await studio.signInOwner()
})
afterAll(() => studio.close())

const create = (name: string, token = owner) =>
  studio.call('POST', '/api/v1/departments', { token, json: { name } })
const post = (id: string, what: string) =>
  studio.call('POST', `/api/v1/departments/${id}/${what}`, { token: owner })

test('a department is created and renamed; two that differ in capitals alone are one', async () => {
  const { body, status } = await create('  Paint   shop ')
  expect([status, body.name]).toEqual([201, 'Paint shop'])
  expect((await create('PAINT SHOP')).body).toMatchObject({ code: 'already-taken' })
  const both = await Promise.all([create('Welding'), create('welding')])
  expect(both.map(({ status }) => status).sort()).toEqual([201, 409])
  const renamed = await studio.call('PUT', `/api/v1/departments/${body.id}`, {
    token: owner,
    json: { name: 'PAINT SHOP' },
  })
  expect(renamed.body.name).toBe('PAINT SHOP')
})

test.each([['\u202Eevil'], ['a\u0000b'], ['two\nlines'], ['   '], ['\u200B'], ['x'.repeat(101)]])(
  'the name %j is refused',
  async (name) => {
    expect((await create(name)).status).toBe(422)
  },
)

test('HTML in a name is text like any other', async () => {
  expect((await create('<img src=x onerror=alert(1)>')).body.name).toBe('<img src=x onerror=alert(1)>')
})

test('an administrator of a department sees the own one and changes none', async () => {
  const admin = await studio.signInMember('dep-admin', 'department_admin', 'Seen')
  const listed = await studio.call('GET', '/api/v1/departments', { token: admin })
  expect(listed.body.items).toMatchObject([
    { name: 'Seen', members: 1, guests: 0, admins: [{ loginId: 'dep-admin' }], tokens: 0 },
  ])
  const other = await studio.db.department.findFirstOrThrow({ where: { name: { not: 'Seen' } } })
  expect((await studio.call('GET', `/api/v1/departments/${other.id}`, { token: admin })).status).toBe(404)
  expect((await create('Mine', admin)).status).toBe(403)
})

test('what is in use is not archived, and the answer says everything that is in the way', async () => {
  await studio.signInMember('stays', 'department_member', 'Busy')
  const { id: memberId, departmentId } = await studio.db.member.findUniqueOrThrow({
    where: { loginId: 'stays' },
  })
  const order = { departmentId, byMemberId: null }
  await studio.ledger.issue({ ...order, idem: 'busy', amount: 5_000_000n, expiresAt: null })
  await studio.ledger.distribute({ ...order, idem: 'busy-give', memberId, amount: 1_000_000n })
  const refused = await post(departmentId, 'archive')
  expect(refused.body).toMatchObject({ code: 'department-in-use', status: 409 })
  expect(refused.body.problems).toMatchObject([
    { code: 'members', message: 'It has 1 active members.' },
    { code: 'tokens', message: 'It has 5 tokens that are neither used nor expired.' },
  ])
})

test('an archived department lets nobody in, its schedules stop, and it can be restored', async () => {
  const { body } = await create('Closing')
  await studio.signInMember('sleeper', 'department_member', 'Closing')
  const { id: ownerId } = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'sleeper' } })
  const graph = await studio.db.graph.create({
    data: { name: 'g', ownerId, departmentId: body.id, document: {} },
  })
  const schedule = await studio.db.schedule.create({
    data: { name: 's', graphId: graph.id, ownerId, departmentId: body.id, timing: {} },
  })
  await studio.call('POST', `/api/v1/members/${ownerId}/disable`, { token: owner })
  expect((await post(body.id, 'archive')).status).toBe(200)
  expect(await studio.db.schedule.findUniqueOrThrow({ where: { id: schedule.id } })).toMatchObject({
    stoppedBecause: 'Its department was archived.',
    version: 2,
  })
  const enable = await studio.call('POST', `/api/v1/members/${ownerId}/enable`, { token: owner })
  expect(enable.body).toMatchObject({ code: 'member-unfit' })
  await studio.signInMember('wanderer')
  const { id } = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'wanderer' } })
  const json = { departmentId: body.id }
  expect((await studio.call('PUT', `/api/v1/members/${id}`, { token: owner, json })).status).toBe(422)
  expect((await post(body.id, 'restore')).status).toBe(200)
  expect((await studio.call('PUT', `/api/v1/members/${id}`, { token: owner, json })).status).toBe(200)
})

test('archived while somebody moves in, it is either empty or open', async () => {
  for (let round = 0; round < 5; round++) {
    const { body } = await create(`Race ${round}`)
    await studio.signInMember(`racer-${round}`)
    const { id } = await studio.db.member.findUniqueOrThrow({ where: { loginId: `racer-${round}` } })
    const [moved, archived] = await Promise.all([
      studio.call('PUT', `/api/v1/members/${id}`, { token: owner, json: { departmentId: body.id } }),
      post(body.id, 'archive'),
    ])
    expect([moved.status, archived.status].sort()).not.toEqual([200, 200])
    expect([moved.status, archived.status]).toContain(200)
  }
})
