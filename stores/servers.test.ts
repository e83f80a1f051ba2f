/** Who is chosen among servers that have a model loaded, on a real PostgreSQL. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../scripts/testing/test-database.ts'
import { serverGoneMs, serverWithModel } from './servers.ts'

let db: Database
let workerTokenId: string
let now = 0
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  const token = await db.workerToken.create({ data: { name: 'here', prefix: 'p', hash: 'h' } })
  workerTokenId = token.id
})
afterAll(() => db.$disconnect())
beforeEach(async () => {
  // A later time each: what was remembered for the test before no longer counts.
  now = Math.max(Date.now(), now) + 10_000
  await db.gpuServer.deleteMany()
})

const join = (id: string, loaded: unknown, seenAgo = 0) =>
  db.gpuServer.create({
    data: {
      ...{ id, workerTokenId, name: id, provider: 'cpu', device: 'x', memoryMb: 1, version: '1' },
      loaded: loaded as object,
      lastSeenAt: new Date(now - seenAgo),
    },
  })
const sd = (inUse: number) => [{ id: 'sd', bytes: 1, inUse }]

test('the one that has it, and of several the one that uses it least', async () => {
  await join('a', [])
  await join('b', sd(1))
  expect(await serverWithModel(db, 'sd', now)).toBe('b')
  await join('c', sd(0))
  // Servers are asked again a little later, not for every item.
  expect(await serverWithModel(db, 'sd', now + 100)).toBe('b')
  expect(await serverWithModel(db, 'sd', now + 5_000)).toBe('c')
  expect(await serverWithModel(db, 'other', now + 5_000)).toBeNull()
})

test('nobody, when there is nothing to choose: one server alone, or the others are gone', async () => {
  await join('a', sd(0))
  await join('b', [], serverGoneMs + 1_000)
  expect(await serverWithModel(db, 'sd', now)).toBeNull()
})

test('a server whose token was revoked is not chosen, and strange rows are passed over', async () => {
  await join('a', { odd: true })
  await join('b', [{ id: 'sd', bytes: 1, inUse: -5 }])
  expect(await serverWithModel(db, 'sd', now)).toBe('b')
  await db.workerToken.update({ where: { id: workerTokenId }, data: { revokedAt: new Date() } })
  expect(await serverWithModel(db, 'sd', now + 5_000)).toBeNull()
})
