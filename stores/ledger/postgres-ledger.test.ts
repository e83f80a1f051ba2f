/** The ledger on a real PostgreSQL: what a second attempt, a crowd, and a stopped server may not change. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { holdIn } from './hold-tokens.ts'
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

async function memberWith(amount: bigint): Promise<string> {
  const departmentId = randomUUID()
  const memberId = randomUUID()
  await ledger.issue({ idem: randomUUID(), departmentId, amount, expiresAt: null, byMemberId: null })
  await ledger.distribute({ idem: randomUUID(), departmentId, memberId, amount, byMemberId: null })
  return memberId
}

const holdOrder = (memberId: string, amount: bigint, idem: string = randomUUID()) => ({
  idem,
  memberId,
  amount,
  runId: randomUUID(),
  nodeId: 'paint',
})

async function held(memberId: string, amount: bigint): Promise<string> {
  const answer = await ledger.hold(holdOrder(memberId, amount))
  if (!answer.ok) throw new Error(`only ${answer.available} available`)
  return answer.holdId
}

const balance = (id: string) => ledger.balanceOf({ kind: 'member', id })

test('fifty holds at once never take more than there is', async () => {
  const memberId = await memberWith(1_000n)
  const answers = await Promise.all(Array.from({ length: 50 }, () => ledger.hold(holdOrder(memberId, 70n))))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(14)
  expect(answers.filter((answer) => !answer.ok && answer.available === 20n)).toHaveLength(36)
  expect(await balance(memberId)).toEqual({ posted: 1_000n, pending: 980n, available: 20n })
})

test('the same hold sent twenty times at once is one hold', async () => {
  const memberId = await memberWith(100n)
  const order = holdOrder(memberId, 10n)
  const answers = await Promise.all(Array.from({ length: 20 }, () => ledger.hold(order)))
  expect(new Set(answers.map((answer) => (answer.ok ? answer.holdId : 'refused'))).size).toBe(1)
  expect((await balance(memberId)).pending).toBe(10n)
})

test('the same issue, distribution and capture sent together happen once', async () => {
  const departmentId = randomUUID()
  const memberId = randomUUID()
  const issue = { idem: randomUUID(), departmentId, amount: 100n, expiresAt: null, byMemberId: null }
  const distribute = { idem: randomUUID(), departmentId, memberId, amount: 60n, byMemberId: null }
  const twenty = <T>(send: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, send))
  await twenty(() => ledger.issue(issue))
  await twenty(() => ledger.distribute(distribute))
  const holdId = await held(memberId, 50n)
  await twenty(() => ledger.capture({ holdId, amount: 30n }))
  expect((await ledger.balanceOf({ kind: 'department', id: departmentId })).posted).toBe(40n)
  expect(await balance(memberId)).toEqual({ posted: 30n, pending: 0n, available: 30n })
})

test('a key that was used for something else is refused', async () => {
  const memberId = await memberWith(100n)
  const order = holdOrder(memberId, 10n)
  await ledger.hold(order)
  await expect(ledger.hold({ ...order, amount: 11n })).rejects.toMatchObject({ type: 'invalid-input' })
  const other = await memberWith(100n)
  await expect(ledger.hold({ ...order, memberId: other })).rejects.toThrow('used before')
})

test('a race of one key between two members gives one hold and one refusal', async () => {
  const idem = randomUUID()
  const members = await Promise.all([memberWith(10n), memberWith(10n)])
  const answers = await Promise.allSettled(members.map((id) => ledger.hold(holdOrder(id, 5n, idem))))
  expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
})

test('a hold is resolved once: captured, then neither captured otherwise nor released', async () => {
  const memberId = await memberWith(100n)
  const holdId = await held(memberId, 50n)
  await expect(ledger.capture({ holdId, amount: 51n })).rejects.toThrow('cannot be charged')
  await ledger.capture({ holdId, amount: 20n })
  await ledger.capture({ holdId, amount: 20n })
  await expect(ledger.capture({ holdId, amount: 21n })).rejects.toThrow('charged 20 before')
  await ledger.release({ holdId })
  expect(await balance(memberId)).toEqual({ posted: 80n, pending: 0n, available: 80n })
})

test('a hold that was released is never charged afterwards', async () => {
  const memberId = await memberWith(100n)
  const holdId = await held(memberId, 50n)
  await ledger.release({ holdId })
  await ledger.release({ holdId })
  await expect(ledger.capture({ holdId, amount: 1n })).rejects.toThrow('given back')
  expect(await balance(memberId)).toEqual({ posted: 100n, pending: 0n, available: 100n })
})

test('capture and release racing for one hold leave one resolution', async () => {
  const memberId = await memberWith(1_000n)
  for (let round = 0; round < 10; round++) {
    const holdId = await held(memberId, 50n)
    await Promise.allSettled([ledger.capture({ holdId, amount: 50n }), ledger.release({ holdId })])
    expect(await db.transfer.count({ where: { resolves: holdId } })).toBe(1)
  }
  expect((await balance(memberId)).pending).toBe(0n)
})

test('work that turned out to be free is captured with nothing', async () => {
  const memberId = await memberWith(10n)
  const holdId = await held(memberId, 10n)
  await ledger.capture({ holdId, amount: 0n })
  expect(await balance(memberId)).toEqual({ posted: 10n, pending: 0n, available: 10n })
})

test.each([0n, -1n, 2n ** 63n])('refuses an amount of %s', async (amount) => {
  await expect(ledger.hold(holdOrder(randomUUID(), amount))).rejects.toMatchObject({ type: 'invalid-input' })
})

test('somebody without an account has nothing, and cannot hold', async () => {
  const memberId = randomUUID()
  expect(await balance(memberId)).toEqual({ posted: 0n, pending: 0n, available: 0n })
  expect(await ledger.hold(holdOrder(memberId, 1n))).toEqual({ ok: false, available: 0n })
})

test('transfers can be neither changed, deleted nor emptied', async () => {
  await memberWith(10n)
  await expect(db.$executeRaw`UPDATE "Transfer" SET "amount" = 1`).rejects.toThrow('never changed')
  await expect(db.transfer.deleteMany()).rejects.toThrow()
  await expect(db.$executeRaw`TRUNCATE "Transfer" CASCADE`).rejects.toThrow('never changed')
})

test('the check finds what was falsified behind its back', async () => {
  const memberId = await memberWith(10n)
  await db.account.updateMany({ where: { holderId: memberId }, data: { posted: 11n } })
  const found = await ledger.checkInvariants()
  expect(found.map((line) => line.split(':')[0]).sort()).toEqual([
    "A holder's lots add up to the account",
    'All accounts together are 0',
    "An account's balance is the sum of its transfers",
  ])
  await db.account.updateMany({ where: { holderId: memberId }, data: { posted: 10n } })
})

test('a transaction that the caller gives up leaves no hold', async () => {
  const memberId = await memberWith(10n)
  await expect(
    db.$transaction(async (tx) => {
      await holdIn(tx, holdOrder(memberId, 5n))
      throw new Error('changed my mind')
    }),
  ).rejects.toThrow('changed my mind')
  expect((await balance(memberId)).pending).toBe(0n)
})

test('holds go through while PostgreSQL cuts every connection, each once', async () => {
  const memberId = await memberWith(1_000n)
  const orders = Array.from({ length: 60 }, () => holdOrder(memberId, 10n))
  const holding = Promise.all(orders.map((order) => ledger.hold(order)))
  for (let cut = 0; cut < 5; cut++)
    await retryTransaction(
      db,
      (tx) =>
        tx.$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
  expect((await holding).every(({ ok }) => ok)).toBe(true)
  expect((await balance(memberId)).pending).toBe(600n)
})
