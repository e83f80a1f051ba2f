/** Events over a real PostgreSQL: heard when committed, in the order of what they tell of, and none is missed. */
import { randomUUID } from 'node:crypto'
import type { RunEvent } from '@defect-studio/nodes'
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { publishChange, type Change } from './changes.ts'
import { logQueryOf, readEventLog, trimEventLog } from './event-log.ts'
import { readPosition, writePosition } from './event-position.ts'
import { listenEvents } from './listen-events.ts'
import { publishRunEvent, publishRunEvents } from './run-events.ts'

/** The machine may be busy. */
const soon = { timeout: 20_000 }

let url = ''
let db: Database
let ownerId = ''
let departmentId = ''
beforeAll(async () => {
  url = await createTestDatabase()
  db = createDatabase(url)
  departmentId = (await db.department.create({ data: { name: 'd' } })).id
  const texts = { loginId: 'o', email: 'o', name: 'o', nickname: 'o', passwordHash: '-' }
  ownerId = (await db.member.create({ data: { ...texts, role: 'department_member', departmentId } })).id
})
afterAll(() => db.$disconnect())

async function makeRun(): Promise<string> {
  const data = { graphName: 'g', ownerId, departmentId, document: {}, plan: {}, quote: 0, requestHash: '' }
  return (await db.run.create({ data })).id
}

type StatusEvent = Extract<RunEvent, { type: 'run-status' }>
const statusOf = (runId: string, priority = 2): StatusEvent => ({
  type: 'run-status',
  runId,
  status: 'running',
  priority,
})

async function listen() {
  const heard: RunEvent[] = []
  const changes: Change[] = []
  const told: string[] = []
  const listener = listenEvents(url, {
    logged: (events) => heard.push(...events.map(({ event }) => event)),
    progress: (event) => heard.push(event),
    changed: (change) => changes.push(change),
    lost: () => told.push('lost'),
    back: () => told.push('back'),
  })
  await listener.ready
  return { heard, changes, told, listener }
}

test('hears what was committed, in order, and not what was given up', async () => {
  const runId = await makeRun()
  const { heard, changes, listener } = await listen()
  await publishRunEvent(db, statusOf(runId, 1))
  await db
    .$transaction(async (tx) => {
      await publishRunEvent(tx, statusOf(runId, 2))
      throw new Error('given up')
    })
    .catch(() => undefined)
  await publishRunEvent(db, statusOf(randomUUID(), 3))
  await db.$executeRaw`SELECT pg_notify('run_progress', '{"type":"from-the-future"}')`
  await db.$executeRaw`SELECT pg_notify('studio_changes', 'not even JSON')`
  const progress = { type: 'node-run-progress', runId, nodeId: 'n', itemIndex: 0, step: 1, total: 2 } as const
  await publishRunEvent(db, progress)
  await publishChange(db, { topic: 'reviews', departmentId })
  await publishRunEvents(db, [statusOf(runId, 4), statusOf(runId, 5)])
  await expect.poll(() => heard.length, soon).toBe(4)
  expect(heard.filter((event) => event.type === 'run-status')).toEqual(
    [1, 4, 5].map((p) => statusOf(runId, p)),
  )
  expect(heard).toContainEqual(progress)
  expect(changes).toEqual([{ topic: 'reviews', departmentId }])
  await listener.close()
})

test('a transaction that ends late is heard although later ones were heard before, each once', async () => {
  const runId = await makeRun()
  const { heard, listener } = await listen()
  let finish = () => {}
  const mayEnd = new Promise<void>((resolve) => (finish = resolve))
  let markWritten = () => {}
  const written = new Promise<void>((resolve) => (markWritten = resolve))
  const slow = db.$transaction(async (tx) => {
    await publishRunEvent(tx, statusOf(runId, 1))
    markWritten()
    await mayEnd
  })
  await written
  await publishRunEvent(db, statusOf(runId, 2))
  // Nobody waits for the slow one …
  await expect.poll(() => heard, soon).toEqual([statusOf(runId, 2)])
  const position = listener.position()
  finish()
  await slow
  // … and nobody misses it.
  await expect.poll(() => heard, soon).toEqual([statusOf(runId, 2), statusOf(runId, 1)])
  await publishRunEvent(db, statusOf(runId, 3))
  await expect.poll(() => heard.length, soon).toBe(3)
  const { events } = await readEventLog(logQueryOf(db), position.safe)
  expect(events.map(({ event }) => event).filter((event) => event.runId === runId)).toEqual(
    [1, 2, 3].map((p) => statusOf(runId, p)),
  )
  await listener.close()
})

test('what was committed while the connection was cut is heard when it is back', async () => {
  const runId = await makeRun()
  const { heard, told, listener } = await listen()
  await db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (query LIKE 'LISTEN%' OR query LIKE '%RunEventLog%')`
    await publishRunEvent(tx, statusOf(runId))
  })
  await expect.poll(() => heard, soon).toEqual([statusOf(runId)])
  await expect.poll(() => told, soon).toEqual(['lost', 'back'])
  await listener.close()
})

test('a position is read back, and refused when what came since may be gone', () => {
  const now = Date.now()
  const text = writePosition({ safe: 42n, at: now })
  expect(readPosition(text, now + 49 * 60_000)).toEqual({ safe: 42n, at: now })
  expect(readPosition(text, now + 51 * 60_000)).toBeNull()
  for (const wrong of [undefined, '', 'x', '1', '-1-1', `${'9'.repeat(19)}-${now}`, `1-${now + 1e8}`])
    expect(readPosition(wrong, now)).toBeNull()
})

test('events are trimmed when they are an hour old', async () => {
  const runId = await makeRun()
  await publishRunEvents(db, [statusOf(runId, 1), statusOf(runId, 2), statusOf(runId, 3)])
  await db.$executeRaw`UPDATE "RunEventLog" SET "createdAt" = now() - interval '61 minutes'
    WHERE "runId" = ${runId}::uuid AND "body" ->> 'priority' <> '3'`
  expect(await trimEventLog(db, 1)).toBe(1)
  expect(await trimEventLog(db)).toBe(1)
  expect(await db.runEventLog.count({ where: { runId } })).toBe(1)
})
