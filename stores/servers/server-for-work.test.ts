/** Which server work is sent to: the member's choice, else who has the model loaded, on a real PostgreSQL. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { createMember } from '../bookkeeping/books.fixtures.ts'
import { createLedger } from '../ledger/postgres-ledger.ts'
import { serverForWork, serverGoneMs } from './server-for-work.ts'

let db: Database
let workerTokenId: string
let memberId: string
let now = 0
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  const token = await db.workerToken.create({ data: { name: 'here', prefix: 'p', hash: 'h' } })
  workerTokenId = token.id
  memberId = (await createMember(db, createLedger(db), 1n)).id
})
afterAll(() => db.$disconnect())
beforeEach(async () => {
  // A later time each: what was remembered for the test before no longer counts.
  now = Math.max(Date.now(), now) + 20_000
  await db.gpuServer.deleteMany()
  await db.member.updateMany({ data: { defaultServerId: null } })
})

const join = (id: string, loaded: unknown, more: { seenAgo?: number; models?: string[] } = {}) =>
  db.gpuServer.create({
    data: {
      ...{ id, workerTokenId, name: id, provider: 'cpu', device: 'x', memoryMb: 1, version: '1' },
      loaded: loaded as object,
      models: (more.models ?? []).map((model) => ({ id: model })),
      lastSeenAt: new Date(now - (more.seenAgo ?? 0)),
    },
  })
const sd = (inUse: number) => [{ id: 'sd', bytes: 1, inUse }]
const choose = (model: string | null = 'sd', later = 0) => serverForWork(db, { memberId, model }, now + later)
const prefer = (defaultServerId: string) =>
  db.member.update({ where: { id: memberId }, data: { defaultServerId } })

test('the one that has it, and of several the one that uses it least', async () => {
  await join('a', [])
  await join('b', sd(1))
  expect(await choose()).toBe('b')
  await join('c', sd(0))
  // Servers are asked again a little later, not for every item.
  expect(await choose('sd', 100)).toBe('b')
  expect(await choose('sd', 5_000)).toBe('c')
  expect(await choose('other', 5_000)).toBeNull()
})

test('nobody, when there is nothing to choose: one server alone, or the others are gone', async () => {
  await join('a', sd(0))
  await join('b', [], { seenAgo: serverGoneMs + 1_000 })
  expect(await choose()).toBeNull()
})

test('a server whose token was revoked is not chosen, and strange rows are passed over', async () => {
  await join('a', { odd: true })
  await join('b', [{ id: 'sd', bytes: 1, inUse: -5 }])
  expect(await choose()).toBe('b')
  await db.workerToken.update({ where: { id: workerTokenId }, data: { revokedAt: new Date() } })
  expect(await choose('sd', 5_000)).toBeNull()
  await db.workerToken.update({ where: { id: workerTokenId }, data: { revokedAt: null } })
})

test("a member's own server comes first, as long as it has the model and takes work", async () => {
  await join('a', [], { models: ['sd'] })
  await join('b', sd(0), { models: ['sd', 'other'] })
  await prefer('a')
  expect(await choose()).toBe('a')
  expect(await choose(null)).toBe('a')
  expect(await choose('other')).toBeNull()
  await join('c', [])
  await db.gpuServer.update({ where: { id: 'a' }, data: { drainingAt: new Date() } })
  expect(await choose('sd', 5_000)).toBe('b')
  expect(await choose(null, 5_000)).toBeNull()
  await prefer('gone-for-good')
  expect(await choose('sd', 10_000)).toBe('b')
})

test('a server that drains gets nothing, even where it alone has the model', async () => {
  await join('a', sd(0))
  await join('b', [])
  await join('c', [])
  await db.gpuServer.update({ where: { id: 'a' }, data: { drainingAt: new Date() } })
  expect(await choose()).toBeNull()
})
