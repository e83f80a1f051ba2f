/** The ledger on a real PostgreSQL: what a second attempt, a crowd, and a stopped server may not change. */
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createDatabase, type Database, type Transaction } from '@defect-studio/prisma'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { holdIn } from './hold-tokens.ts'
import type { Ledger } from './ledger.ts'
import { createLedger } from './postgres-ledger.ts'
import { captureIn } from './resolve-hold.ts'

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

/** As the owner of the database may, with every trigger out of force. */
async function behindItsBack(work: (tx: Transaction) => Promise<unknown>): Promise<void> {
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SET LOCAL session_replication_role = 'replica'`
    await work(tx)
  })
}

test('the check finds what was falsified behind its back', async () => {
  const memberId = await memberWith(10n)
  const falsify = (posted: bigint) =>
    behindItsBack((tx) => tx.account.updateMany({ where: { holderId: memberId }, data: { posted } }))
  await falsify(11n)
  const found = await ledger.checkInvariants()
  expect(found.map((line) => line.split(':')[0]).sort()).toEqual([
    "A holder's lots add up to the account",
    'All accounts together are 0',
    "An account's balance is the sum of its transfers",
  ])
  await falsify(10n)
})

test('a balance changes by a transfer alone', async () => {
  const memberId = await memberWith(10n)
  const where = { holderId: memberId }
  await expect(db.account.updateMany({ where, data: { posted: 11n } })).rejects.toThrow()
  await expect(db.account.updateMany({ where, data: { pending: 1n } })).rejects.toThrow()
  await expect(db.$executeRaw`UPDATE "Account" SET "posted" = "posted" + 1`).rejects.toThrow('by a transfer')
  await expect(db.$executeRaw`DELETE FROM "Account"`).rejects.toThrow('by a transfer')
  await expect(
    db.account.create({ data: { kind: 'member', holderId: randomUUID(), posted: 5n } }),
  ).rejects.toThrow()
})

test('lots that do not add up to their account undo the transaction', async () => {
  const memberId = await memberWith(10n)
  const holdId = await held(memberId, 4n)
  const lot = { account: { holderId: memberId } }
  await expect(db.lot.updateMany({ where: lot, data: { remaining: 9n } })).rejects.toThrow()
  await expect(db.lot.updateMany({ where: lot, data: { held: 3n } })).rejects.toThrow()
  const { accountId } = await db.lot.findFirstOrThrow({ where: lot })
  await expect(db.lot.create({ data: { accountId, granted: 5n, remaining: 5n } })).rejects.toThrow()
  const { id: lotId } = await db.lot.findFirstOrThrow({ where: lot })
  await expect(db.$executeRaw`UPDATE "HoldLot" SET "amount" = 1`).rejects.toThrow('never changed')
  const other = await held(memberId, 1n)
  await expect(
    db.$executeRaw`INSERT INTO "HoldLot" VALUES (${other}::uuid, gen_random_uuid(), 1)`,
  ).rejects.toThrow()
  await expect(
    db.$transaction(async (tx) => {
      const amount = 1n
      const hold = await tx.transfer.findUniqueOrThrow({ where: { id: holdId } })
      await tx.transfer.create({
        data: { ...hold, id: randomUUID(), idem: randomUUID(), amount, resolves: null, refunds: null },
      })
      await tx.lot.update({ where: { id: lotId }, data: { held: { increment: amount } } })
    }),
  ).rejects.toThrow('its lots gave')
  expect(await balance(memberId)).toEqual({ posted: 10n, pending: 5n, available: 5n })
})

test('a resolution that does not fit its hold is refused by the database itself', async () => {
  const memberId = await memberWith(10n)
  const holdId = await held(memberId, 4n)
  const hold = await db.transfer.findUniqueOrThrow({ where: { id: holdId } })
  const forge = (changes: { amount: bigint; kind: 'capture' | 'release' }) =>
    db.transfer.create({
      data: { ...hold, id: randomUUID(), idem: randomUUID(), resolves: holdId, ...changes },
    })
  await expect(forge({ kind: 'capture', amount: 5n })).rejects.toThrow()
  await expect(forge({ kind: 'release', amount: 3n })).rejects.toThrow()
  await expect(forge({ kind: 'capture', amount: 4n })).rejects.toThrow()
  await ledger.capture({ holdId, amount: 4n })
  await expect(forge({ kind: 'capture', amount: 4n })).rejects.toThrow()
  const { id: refunds } = await db.transfer.findFirstOrThrow({ where: { resolves: holdId } })
  const { debitAccountId: creditAccountId, creditAccountId: debitAccountId } = hold
  await expect(
    db.transfer.create({
      data: {
        ...hold,
        id: randomUUID(),
        idem: randomUUID(),
        kind: 'refund',
        debitAccountId,
        creditAccountId,
        amount: 5n,
        resolves: null,
        refunds,
      },
    }),
  ).rejects.toThrow()
})

test('captures of two members do not wait for each other', async () => {
  const [one, other] = await Promise.all([memberWith(10n), memberWith(10n)])
  const holds = [await held(one, 5n), await held(other, 5n)] as const
  await db.$transaction(async (tx) => {
    await captureIn(tx, { holdId: holds[0], amount: 5n })
    // Waits for a lock would end here after two seconds.
    await ledger.capture({ holdId: holds[1], amount: 5n })
  })
  expect((await balance(one)).posted + (await balance(other)).posted).toBe(10n)
})

test('what a member has neither spent nor held can be taken back, the longest lasting first', async () => {
  const departmentId = randomUUID()
  const memberId = randomUUID()
  const soon = new Date(Date.now() + 3_600_000)
  for (const expiresAt of [soon, null]) {
    await ledger.issue({ idem: randomUUID(), departmentId, amount: 10n, expiresAt, byMemberId: null })
    await ledger.distribute({ idem: randomUUID(), departmentId, memberId, amount: 10n, byMemberId: null })
  }
  await held(memberId, 4n)
  const order = { idem: randomUUID(), departmentId, memberId, byMemberId: null }
  expect(await ledger.revoke({ ...order, amount: 17n })).toEqual({ ok: false, available: 16n })
  const twice = [ledger.revoke({ ...order, amount: 12n }), ledger.revoke({ ...order, amount: 12n })]
  expect(await Promise.all(twice)).toEqual([{ ok: true }, { ok: true }])
  expect(await balance(memberId)).toEqual({ posted: 8n, pending: 4n, available: 4n })
  const lotsOf = (holderId: string) =>
    db.lot.findMany({
      where: { account: { holderId }, remaining: { gt: 0n } },
      orderBy: { expiresAt: { sort: 'asc', nulls: 'last' } },
      select: { remaining: true, expiresAt: true },
    })
  expect(await lotsOf(memberId)).toEqual([{ remaining: 8n, expiresAt: soon }])
  expect(await lotsOf(departmentId)).toEqual([
    { remaining: 2n, expiresAt: soon },
    { remaining: 10n, expiresAt: null },
  ])
})

test('what was charged is given back at most once, to the lots that it came from', async () => {
  const memberId = await memberWith(100n)
  const holdId = await held(memberId, 50n)
  await expect(ledger.refund({ idem: randomUUID(), holdId, amount: 1n })).rejects.toThrow(
    'Nothing was charged',
  )
  await ledger.capture({ holdId, amount: 40n })
  const first = { idem: randomUUID(), holdId, amount: 15n }
  await Promise.all([ledger.refund(first), ledger.refund(first)])
  expect(await balance(memberId)).toEqual({ posted: 75n, pending: 0n, available: 75n })
  const rest = Array.from({ length: 5 }, () => ledger.refund({ idem: randomUUID(), holdId, amount: 10n }))
  const ends = await Promise.allSettled(rest)
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  await expect(ledger.refund({ idem: randomUUID(), holdId, amount: 6n })).rejects.toThrow(
    '0.000035 were refunded before',
  )
  expect(await balance(memberId)).toEqual({ posted: 95n, pending: 0n, available: 95n })
})

test('a lot that expires while it is held pays for the work; what comes back of it is gone', async () => {
  const departmentId = randomUUID()
  const memberId = randomUUID()
  const expiresAt = new Date(Date.now() + 3_600_000)
  await ledger.issue({ idem: randomUUID(), departmentId, amount: 100n, expiresAt, byMemberId: null })
  await ledger.distribute({ idem: randomUUID(), departmentId, memberId, amount: 100n, byMemberId: null })
  const charged = await held(memberId, 30n)
  const released = await held(memberId, 20n)
  await db.lot.updateMany({ where: { expiresAt }, data: { expiresAt: new Date(Date.now() - 1_000) } })
  expect(await ledger.hold(holdOrder(memberId, 1n))).toEqual({ ok: false, available: 0n })
  expect(await ledger.expire()).toMatchObject({ amount: 50n })
  expect(await balance(memberId)).toEqual({ posted: 50n, pending: 50n, available: 0n })
  await ledger.capture({ holdId: charged, amount: 25n })
  await ledger.release({ holdId: released })
  expect(await balance(memberId)).toEqual({ posted: 0n, pending: 0n, available: 0n })
  await ledger.refund({ idem: randomUUID(), holdId: charged, amount: 10n })
  expect(await balance(memberId)).toEqual({ posted: 0n, pending: 0n, available: 0n })
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
