/** A department's pool: drawn upon after one's own tokens, by several at once, and never by halves. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import type { Ledger } from './ledger.ts'
import { createLedger } from './postgres-ledger.ts'

let db: Database
let ledger: Ledger
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  ledger = createLedger(db)
})
afterAll(() => db.$disconnect())
afterEach(async () => expect(await ledger.checkInvariants()).toEqual([]))

const keys = () => ({ idem: randomUUID(), byMemberId: null })

async function departmentWith(shares: readonly bigint[], pool: bigint) {
  const departmentId = randomUUID()
  const amount = shares.reduce((sum, share) => sum + share, pool) + 1n
  await ledger.issue({ ...keys(), departmentId, amount, expiresAt: null })
  const members = shares.map(() => randomUUID())
  const to = members.flatMap((memberId, place) => {
    const share = shares[place] ?? 0n
    return share > 0n ? [{ memberId, amount: share }] : []
  })
  expect(await ledger.distributeAll({ ...keys(), departmentId, to, pool })).toEqual({ ok: true })
  return { departmentId, members, one: members[0] ?? '' }
}

const hold = (departmentId: string, memberId: string, amount: bigint) =>
  ledger.hold({ idem: randomUUID(), departmentId, memberId, amount, runId: randomUUID(), nodeId: 'paint' })

async function held(departmentId: string, memberId: string, amount: bigint): Promise<string> {
  const answer = await hold(departmentId, memberId, amount)
  if (!answer.ok) throw new Error(`only ${answer.available} available`)
  return answer.holdId
}

const available = async (departmentId: string, memberId: string) => {
  const { own, pool } = await ledger.fundsOf({ memberId, departmentId })
  return [own.available, pool.available]
}

test('fifty members who draw on one pool at once never take more than it has', async () => {
  const { departmentId, members } = await departmentWith(Array<bigint>(50).fill(10n), 200n)
  const answers = await Promise.all(members.map((member) => hold(departmentId, member, 30n)))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(10)
  expect((await ledger.balanceOf({ kind: 'pool', id: departmentId })).available).toBe(0n)
})

test('a hold of both is charged from the own tokens first, and refunded to the pool first', async () => {
  const { departmentId, one } = await departmentWith([10n], 50n)
  const holdId = await held(departmentId, one, 30n)
  expect(await available(departmentId, one)).toEqual([0n, 30n])
  await ledger.capture({ holdId, amount: 25n })
  await ledger.capture({ holdId, amount: 25n })
  await expect(ledger.capture({ holdId, amount: 24n })).rejects.toThrow('charged 25 before')
  expect(await available(departmentId, one)).toEqual([0n, 35n])
  const order = { idem: randomUUID(), holdId, amount: 20n }
  await Promise.all([ledger.refund(order), ledger.refund(order)])
  expect(await available(departmentId, one)).toEqual([5n, 50n])
  const part = await db.transfer.findFirstOrThrow({ where: { poolOf: holdId } })
  await expect(ledger.refund({ idem: randomUUID(), holdId: part.id, amount: 6n })).rejects.toThrow(
    '0.00002 were refunded before',
  )
  await ledger.refund({ idem: randomUUID(), holdId: part.id, amount: 5n })
  expect(await available(departmentId, one)).toEqual([10n, 50n])
})

test('what is charged of the own tokens alone leaves the pool whole, and a release leaves both', async () => {
  const { departmentId, one } = await departmentWith([10n], 50n)
  const first = await held(departmentId, one, 30n)
  await ledger.capture({ holdId: first, amount: 4n })
  expect(await available(departmentId, one)).toEqual([6n, 50n])
  const second = await held(departmentId, one, 40n)
  await Promise.all([ledger.release({ holdId: second }), ledger.release({ holdId: second })])
  expect(await available(departmentId, one)).toEqual([6n, 50n])
})

test('who has nothing of their own spends the pool; who is of another department does not', async () => {
  const { departmentId, one } = await departmentWith([0n], 5n)
  const holdId = await held(departmentId, one, 5n)
  await ledger.capture({ holdId, amount: 5n })
  expect(await available(departmentId, one)).toEqual([0n, 0n])
  const other = await departmentWith([0n], 5n)
  expect(await hold(randomUUID(), other.one, 1n)).toEqual({ ok: false, available: 0n })
  expect(await hold(departmentId, other.one, 1n)).toEqual({ ok: false, available: 0n })
})

test('capture and release racing for a hold of both parts end both of them in one way', async () => {
  const { departmentId, one } = await departmentWith([10n], 1_000n)
  for (let round = 0; round < 8; round++) {
    const holdId = await held(departmentId, one, 50n)
    await Promise.allSettled([ledger.capture({ holdId, amount: 50n }), ledger.release({ holdId })])
    const part = await db.transfer.findFirstOrThrow({ where: { poolOf: holdId } })
    const ends = await db.transfer.findMany({ where: { resolves: { in: [holdId, part.id] } } })
    expect(new Set(ends.map(({ kind }) => kind)).size).toBe(1)
    expect(ends).toHaveLength(2)
  }
})

test('the database refuses to end one part of a hold without the other, and a part that does not fit', async () => {
  const { departmentId, one } = await departmentWith([10n], 50n)
  const holdId = await held(departmentId, one, 30n)
  const own = await db.transfer.findUniqueOrThrow({ where: { id: holdId } })
  const part = await db.transfer.findFirstOrThrow({ where: { poolOf: holdId } })
  const end = { id: randomUUID(), idem: randomUUID(), kind: 'release' as const, poolAmount: 0n }
  await expect(
    db.transfer.create({ data: { ...own, ...end, resolves: own.id, poolOf: null } }),
  ).rejects.toThrow('without the other')
  await expect(
    db.transfer.create({ data: { ...part, ...end, resolves: part.id, poolOf: null } }),
  ).rejects.toThrow('without the other')
  await expect(
    db.transfer.create({ data: { ...part, ...end, resolves: part.id, poolOf: randomUUID() } }),
  ).rejects.toThrow()
  await expect(
    db.transfer.create({ data: { ...own, id: randomUUID(), idem: randomUUID(), poolAmount: 3n } }),
  ).rejects.toThrow()
  await expect(ledger.capture({ holdId: part.id, amount: 1n })).rejects.toThrow('no hold')
  expect(await available(departmentId, one)).toEqual([0n, 30n])
})

test('two who give the last tokens of a department at once: one does, the other is told what there is', async () => {
  const { departmentId } = await departmentWith([], 9n)
  const [first, second] = [randomUUID(), randomUUID()]
  await ledger.issue({ ...keys(), departmentId, amount: 99n, expiresAt: null })
  const give = (memberId: string) =>
    ledger.distributeAll({ ...keys(), departmentId, to: [{ memberId, amount: 40n }], pool: 20n })
  const answers = await Promise.all([give(first), give(second)])
  expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
  expect(answers).toContainEqual({ ok: false, available: 40n })
  const both = await Promise.all([first, second].map((id) => ledger.balanceOf({ kind: 'member', id })))
  expect(both.map(({ available }) => available).toSorted()).toEqual([0n, 40n])
})

test('tokens of the pool that lapse while they are held pay for the work, and what comes back is gone', async () => {
  const { departmentId, one } = await departmentWith([4n], 10n)
  const holdId = await held(departmentId, one, 12n)
  await db.lot.updateMany({
    where: { account: { kind: 'pool', holderId: departmentId } },
    data: { expiresAt: new Date(Date.now() - 1000) },
  })
  await ledger.expire()
  await ledger.capture({ holdId, amount: 7n })
  expect(await available(departmentId, one)).toEqual([0n, 0n])
  await ledger.refund({ idem: randomUUID(), holdId, amount: 6n })
  expect(await available(departmentId, one)).toEqual([3n, 0n])
})
