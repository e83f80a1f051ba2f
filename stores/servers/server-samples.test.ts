/** Samples of servers: one for each five seconds, averaged for a chart, forgotten after a day; on a real PostgreSQL. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { forgetSamples, latestSamples, readSamples, recordSample } from './server-samples.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
  const { id: workerTokenId } = await db.workerToken.create({
    data: { name: 'here', prefix: 'p', hash: 'h' },
  })
  for (const id of ['a', 'b'])
    await db.gpuServer.create({
      data: { id, workerTokenId, name: id, provider: 'cpu', device: 'x', memoryMb: 1, version: '1' },
    })
})
afterAll(() => db.$disconnect())
beforeEach(() => db.serverSample.deleteMany())

const start = Date.UTC(2030, 0, 1)
const say = (serverId: string, seconds: number, utilisation: number | null) =>
  recordSample(
    db,
    serverId,
    { utilisation, memoryUsedMb: 10, memoryTotalMb: 20, temperature: null },
    { queueDepth: 3, busy: 1 },
    start + seconds * 1000,
  )

test('however often a server beats, five seconds have one sample', async () => {
  await Promise.all([0, 1, 2, 4.9].map((second) => say('a', second, second)))
  await say('a', 5, 5)
  await say('b', 0, 7)
  expect(await db.serverSample.count({ where: { serverId: 'a' } })).toBe(2)
  expect(await db.serverSample.count({ where: { serverId: 'b' } })).toBe(1)
})

test('a chart gets as many points as it can show, each the mean of its span', async () => {
  for (let second = 0; second < 60; second += 5) await say('a', second, second < 30 ? 10 : 50)
  const all = await readSamples(db, 'a', { minutes: 1, now: start + 60_000 - 1 })
  expect(all).toHaveLength(12)
  expect(all[0]).toMatchObject({ at: new Date(start), utilisation: 10, temperature: null, queueDepth: 3 })
  const two = await readSamples(db, 'a', { minutes: 1, points: 2, now: start + 60_000 - 1 })
  expect(two.map(({ utilisation }) => utilisation)).toEqual([10, 50])
  expect(await readSamples(db, 'b', { minutes: 1, now: start + 60_000 })).toEqual([])
})

test('the latest is of the last minute, and what is older than a day is forgotten', async () => {
  await say('a', 0, 1)
  await say('a', 30, null)
  await say('b', -3600, 2)
  const latest = await latestSamples(db, ['a', 'b'], start + 40_000)
  expect([...latest.keys()]).toEqual(['a'])
  expect(latest.get('a')).toMatchObject({ utilisation: null, busy: 1 })
  expect(await forgetSamples(db, start + 86_400_000 + 10_000)).toBe(2)
  expect(await db.serverSample.count()).toBe(1)
})
