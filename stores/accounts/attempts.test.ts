/** Waiting after wrong tries: how long, for whom, and that no start of the studio ends it. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { beginAttempt, forgetAttempts } from './attempts.ts'

let url: string
let db: Database
beforeAll(async () => {
  url = await createTestDatabase()
  db = createDatabase(url, { connections: 5 })
})
afterAll(() => db.$disconnect())

const tries = async (what: string[], count: number) => {
  const waits: number[] = []
  for (let turn = 0; turn < count; turn++) waits.push(await beginAttempt(db, what))
  return waits
}
/** As if the wait were over. */
const letPass = () => db.signInFailure.updateMany({ data: { lockedUntil: new Date(0) } })

test('five tries are free; then one waits 15 s, twice as long each time, at most 15 minutes', async () => {
  expect(await tries(['a'], 5)).toEqual([0, 0, 0, 0, 0])
  const waits: number[] = []
  for (let turn = 0; turn < 8; turn++) {
    waits.push(await beginAttempt(db, ['a']))
    await letPass()
    expect(await beginAttempt(db, ['a'])).toBe(0)
  }
  expect(waits).toEqual([15, 30, 60, 120, 240, 480, 900, 900])
})

test('another process, and so a studio that was started anew, knows of it', async () => {
  await tries(['b'], 5)
  const second = createDatabase(url, { connections: 1 })
  expect(await beginAttempt(second, ['b'])).toBeGreaterThan(0)
  await second.$disconnect()
})

test('of many tries at once only five are checked', async () => {
  const waits = await Promise.all(Array.from({ length: 20 }, () => beginAttempt(db, ['c', '192.0.2.1'])))
  expect(waits.filter((wait) => wait === 0)).toHaveLength(5)
})

test('a right one forgets, and so does a day without any', async () => {
  await tries(['d'], 5)
  await forgetAttempts(db, ['d'])
  expect(await beginAttempt(db, ['d'])).toBe(0)
  await tries(['e'], 5)
  await db.$executeRaw`UPDATE "SignInFailure" SET "lockedUntil" = NULL, "updatedAt" = now() - interval '25 hours'`
  expect(await tries(['e'], 5)).toEqual([0, 0, 0, 0, 0])
})

test('what was tried is kept as a hash alone', async () => {
  await beginAttempt(db, ['sign-in', 'somebody', '192.0.2.7'])
  expect(JSON.stringify(await db.signInFailure.findMany())).not.toMatch(/somebody|192\.0/)
})
