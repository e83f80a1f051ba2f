/** Events over a real PostgreSQL: heard when committed, not when given up, and again after a lost connection. */
import { randomUUID } from 'node:crypto'
import type { RunEvent } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { listenRunEvents, publishRunEvent } from './run-events.ts'

let url = ''
let db: Database
beforeAll(async () => {
  url = await createTestDatabase()
  db = createDatabase(url)
})
afterAll(() => db.$disconnect())

const statusEvent = (): RunEvent => ({ type: 'run-status', runId: randomUUID(), status: 'running' })

test('hears what was committed, in order, and not what was given up', async () => {
  const heard: RunEvent[] = []
  const listener = listenRunEvents(url, (event) => heard.push(event))
  await listener.ready
  const [first, lost, second] = [statusEvent(), statusEvent(), statusEvent()]
  await publishRunEvent(db, first)
  await db
    .$transaction(async (tx) => {
      await publishRunEvent(tx, lost)
      throw new Error('given up')
    })
    .catch(() => undefined)
  await db.$executeRaw`SELECT pg_notify('run_events', '{"type":"from-the-future"}')`
  await publishRunEvent(db, second)
  await expect.poll(() => heard).toEqual([first, second])
  await listener.close()
})

test('comes back after the connection was cut, and says so', async () => {
  const heard: RunEvent[] = []
  let reconnected = 0
  const lost: Error[] = []
  const listener = listenRunEvents(url, (event) => heard.push(event), {
    onReconnect: () => (reconnected += 1),
    onLost: (error) => lost.push(error),
  })
  await listener.ready
  await db.$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`
  await expect.poll(() => reconnected).toBe(1)
  expect(lost).toHaveLength(1)
  const event = statusEvent()
  await publishRunEvent(db, event)
  await expect.poll(() => heard).toEqual([event])
  await listener.close()
})
