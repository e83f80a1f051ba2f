/** Tokens and prices over HTTP: who may move what, what counts once, and what is refused with words. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

interface Transfer {
  id: string
  kind: string
  direction: string
  amount: number
  refunds: string | null
}
interface Body {
  code: string
  detail: string
  available: number
  member: { available: number; pending: number }
  department: { available: number }
  items: Transfer[]
  nextCursor: string | null
  lots: number
  amount: number
  version: number
  prices: { image: number }
  current: { version: number; prices: { image: number }; changedBy: string | null }
  history: { version: number }[]
}

let studio: TestStudio
let token: string
let me: { id: string; departmentId: string }
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  me = await studio.db.member.findFirstOrThrow()
})
afterAll(() => studio?.close())

const post = (route: string, json: object, headers: Record<string, string> = {}, as = token) =>
  studio.call<Body>('POST', `/api/v1/tokens/${route}`, { token: as, json, headers })

/** A capture of so many tokens, as a run leaves it. */
async function charge(tokens: number): Promise<string> {
  const amount = BigInt(tokens) * 1_000_000n
  const order = { idem: randomUUID(), memberId: me.id, amount, runId: randomUUID(), nodeId: 'paint' }
  const held = await studio.ledger.hold(order)
  if (!held.ok) throw new Error('too few')
  await studio.ledger.capture({ holdId: held.holdId, amount })
  return (await studio.db.transfer.findFirstOrThrow({ where: { resolves: held.holdId } })).id
}

test('what a member was given can be taken back as long as it is there, once for each key', async () => {
  await post('issue', { amount: 100 })
  await post('distribute', { memberId: me.id, amount: 60 })
  const before = (await studio.call<Body>('GET', '/api/v1/tokens/balance', { token })).body
  const headers = { 'idempotency-key': randomUUID() }
  const first = await post('revoke', { memberId: me.id, amount: 10 }, headers)
  expect(first.status).toBe(201)
  expect((await post('revoke', { memberId: me.id, amount: 10 }, headers)).body).toEqual(first.body)
  expect(first.body.member.available).toBe(before.member.available - 10)
  expect(first.body.department.available).toBe(before.department.available + 10)
  const tooMany = await post('revoke', { memberId: me.id, amount: 1_000_000 })
  expect(tooMany).toMatchObject({
    status: 402,
    body: { code: 'insufficient-tokens', available: first.body.member.available },
  })
  expect((await post('revoke', { memberId: randomUUID(), amount: 1 })).status).toBe(404)
})

test('a charge is given back at most once, and the statement says which it was', async () => {
  const transferId = await charge(20)
  const before = (await studio.call<Body>('GET', '/api/v1/tokens/balance', { token })).body.member.available
  const part = await post('refund', { transferId, amount: 15, note: 'too dark' })
  expect(part).toMatchObject({ status: 201, body: { member: { available: before + 15 } } })
  const more = await post('refund', { transferId, amount: 6 })
  expect(more).toMatchObject({
    status: 422,
    body: { detail: 'Of 20 tokens 15 were refunded before: 6 cannot be.' },
  })
  const { body } = await studio.call<Body>('GET', '/api/v1/tokens/transfers', { token })
  expect(body.items[0]).toMatchObject({ kind: 'refund', direction: 'in', amount: 15, refunds: transferId })
  expect((await post('refund', { transferId: randomUUID(), amount: 1 })).status).toBe(404)
  const hold = await studio.db.transfer.findFirstOrThrow({ where: { kind: 'hold' } })
  expect((await post('refund', { transferId: hold.id, amount: 1 })).status).toBe(404)
})

test('the statement is read page by page, of a member and of the department', async () => {
  const seen: string[] = []
  for (let cursor = ''; ;) {
    const page = await studio.call<Body>('GET', `/api/v1/tokens/transfers?limit=2${cursor}`, { token })
    seen.push(...page.body.items.map(({ id }) => id))
    if (page.body.nextCursor === null) break
    cursor = `&cursor=${page.body.nextCursor}`
  }
  expect(new Set(seen).size).toBe(seen.length)
  const account = await studio.db.account.findFirstOrThrow({ where: { kind: 'member', holderId: me.id } })
  expect(seen).toHaveLength(
    await studio.db.transfer.count({
      where: { OR: [{ debitAccountId: account.id }, { creditAccountId: account.id }] },
    }),
  )
  const department = await studio.call<Body>('GET', '/api/v1/tokens/transfers?of=department', { token })
  expect(new Set(department.body.items.map(({ kind }) => kind))).toEqual(
    new Set(['issue', 'distribute', 'revoke']),
  )
})

test('administrators see what the members of their department have', async () => {
  const { body } = await studio.call<{ items: { id: string; balance: { available: number } }[] }>(
    'GET',
    '/api/v1/tokens/holders',
    { token },
  )
  const { available } = (await studio.call<Body>('GET', '/api/v1/tokens/balance', { token })).body.member
  expect(body.items).toMatchObject([{ id: me.id, disabled: false, balance: { available } }])
})

test('tokens whose time has passed are swept when a super admin asks for it', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000)
  await post('issue', { amount: 7, expiresAt: expiresAt.toISOString() })
  await studio.db.lot.updateMany({ where: { expiresAt }, data: { expiresAt: new Date(Date.now() - 1000) } })
  expect((await post('expire', {})).body).toEqual({ lots: 1, amount: 7 })
  expect((await post('expire', {})).body).toEqual({ lots: 0, amount: 0 })
  expect(await studio.ledger.checkInvariants()).toEqual([])
})

test('members move nothing, and administrators of a department nothing of another', async () => {
  const admin = await studio.signInMember('stranger', 'department_admin')
  const { name } = await studio.db.department.findUniqueOrThrow({ where: { id: me.departmentId } })
  const member = await studio.signInMember('colleague', 'department_member', name)
  const transferId = await charge(1)
  for (const as of [member, admin])
    for (const [route, json] of [
      ['revoke', { memberId: me.id, amount: 1 }],
      ['refund', { transferId, amount: 1 }],
      ['expire', {}],
    ] as const) {
      const { status } = await post(route, json, {}, as)
      expect([403, 404]).toContain(status)
    }
  expect((await studio.call('GET', '/api/v1/tokens/holders', { token: member })).status).toBe(403)
  for (const query of [`memberId=${me.id}`, 'of=department'])
    expect((await studio.call('GET', `/api/v1/tokens/transfers?${query}`, { token: member })).status).toBe(
      403,
    )
  expect(
    (await studio.call('GET', `/api/v1/tokens/transfers?memberId=${me.id}`, { token: admin })).status,
  ).toBe(404)
  const mine = await studio.call<Body>('GET', '/api/v1/tokens/transfers?of=department', { token: admin })
  expect(mine.body.items).toEqual([])
})

test('prices are changed from the version that was looked at, by super admins alone', async () => {
  const { body } = await studio.call<Body>('GET', '/api/v1/prices', { token })
  expect(body).toMatchObject({ current: { version: 1, changedBy: null, prices: { image: 1 } }, history: [] })
  const put = (json: object, as = token) => studio.call<Body>('PUT', '/api/v1/prices', { token: as, json })
  const prices = { ...body.current.prices, image: 3 }
  const both = await Promise.all([put({ version: 1, prices }), put({ version: 1, prices })])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(await put({ version: 1, prices })).toMatchObject({ status: 409, body: { code: 'prices-changed' } })
  expect((await put({ version: 2, prices: { ...prices, image: -1 } })).status).toBe(422)
  expect((await put({ version: 2, prices: { ...prices, image: 0.5 } })).status).toBe(422)
  const now = (await studio.call<Body>('GET', '/api/v1/prices', { token })).body
  expect(now).toMatchObject({
    current: { version: 2, prices: { image: 3 } },
    history: [{ version: 1 }],
  })
  expect(now.current.changedBy).not.toBeNull()
  const member = await studio.signInMember('guesser')
  expect((await put({ version: 2, prices }, member)).status).toBe(403)
  expect((await studio.call('GET', '/api/v1/prices', { token: member })).status).toBe(200)
  await expect(studio.db.priceList.deleteMany()).rejects.toThrow()
})
