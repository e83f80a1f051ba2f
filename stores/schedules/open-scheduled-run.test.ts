/** A time of a schedule makes one run; a schedule that cannot go on stops itself and says so by mail. */
import { createDatabase, type Database } from '@defect-studio/prisma'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../../scripts/testing/test-database.ts'
import { RunRefusal } from '../runs/run-refusal.ts'
import { openScheduledRun } from './open-scheduled-run.ts'

let db: Database
beforeAll(async () => {
  db = createDatabase(await createTestDatabase())
})
afterAll(() => db?.$disconnect())

const scheduledFor = '2026-11-24T02:00:00.000Z'
let count = 0

async function makeSchedule() {
  const name = `nora${++count}`
  const department = await db.department.create({ data: { name } })
  const person = (loginId: string, role: 'department_member' | 'department_admin') =>
    db.member.create({
      data: {
        ...{ loginId, email: `${loginId}@example.com`, name: loginId, nickname: loginId, passwordHash: '!' },
        ...{ role, departmentId: department.id },
      },
    })
  const owner = await person(name, 'department_member')
  await person(`admin-of-${name}`, 'department_admin')
  const graph = await db.graph.create({
    data: { name, ownerId: owner.id, departmentId: department.id, document: {} },
  })
  const schedule = await db.schedule.create({
    data: {
      ...{ name: 'Nights', graphId: graph.id, ownerId: owner.id, departmentId: department.id },
      timing: { kind: 'cron', cron: '0 2 * * *' },
    },
  })
  const mails = () =>
    db.outgoingMail.findMany({
      where: { key: { startsWith: `schedule-stopped-${schedule.id}` } },
      orderBy: { toName: 'asc' },
    })
  const now = () => db.schedule.findUniqueOrThrow({ where: { id: schedule.id } })
  return { schedule, owner, mails, now }
}

const runId = '0195b1c0-0000-7000-8000-000000000000'
const never = async (): Promise<{ runId: string }> => {
  throw new Error('No run was to begin.')
}

test('the order names the schedule and its time, the same however often it is asked', async () => {
  const { schedule } = await makeSchedule()
  const keys: string[] = []
  for (let k = 0; k < 2; k++)
    await openScheduledRun(db, { scheduleId: schedule.id, scheduledFor }, async ({ idempotencyKey }) => {
      keys.push(idempotencyKey)
      return { runId }
    })
  expect(keys).toEqual(Array(2).fill(`schedule:${schedule.id}:${scheduledFor}`))
})

test('it stops itself when its owner is disabled, and tells the owner and the administrators once', async () => {
  const { schedule, owner, mails, now } = await makeSchedule()
  await db.member.update({ where: { id: owner.id }, data: { disabledAt: new Date() } })
  const time = { scheduleId: schedule.id, scheduledFor }
  expect(await openScheduledRun(db, time, never)).toBeNull()
  expect(await openScheduledRun(db, time, never)).toBeNull()
  expect(await now()).toMatchObject({
    stoppedBecause: 'Its owner may no longer use the studio.',
    version: schedule.version + 1,
  })
  expect((await mails()).map(({ toName }) => toName)).toEqual([`admin-of-${owner.name}`])
})

test('it stops itself when tokens are missing, and the mail says so', async () => {
  const { schedule, owner, mails, now } = await makeSchedule()
  const refused = await openScheduledRun(db, { scheduleId: schedule.id, scheduledFor }, async () => {
    throw new RunRefusal('insufficient-tokens', 'This run can cost 20 tokens; you have 3.')
  })
  expect(refused).toBeNull()
  expect((await now()).pausedAt).not.toBeNull()
  const written = await mails()
  expect(written.map(({ toName }) => toName)).toEqual([`admin-of-${owner.name}`, owner.name])
  expect(written[1]?.text).toContain('This run can cost 20 tokens; you have 3.')
})

test('what may pass by itself does not stop it', async () => {
  const { schedule, mails, now } = await makeSchedule()
  const time = { scheduleId: schedule.id, scheduledFor }
  await expect(openScheduledRun(db, time, never)).rejects.toThrow('No run was to begin.')
  expect((await now()).pausedAt).toBeNull()
  expect(await mails()).toEqual([])
})

test('a paused or deleted schedule begins nothing', async () => {
  const { schedule } = await makeSchedule()
  const time = { scheduleId: schedule.id, scheduledFor }
  await db.schedule.update({ where: { id: schedule.id }, data: { pausedAt: new Date() } })
  expect(await openScheduledRun(db, time, never)).toBeNull()
  await db.schedule.update({ where: { id: schedule.id }, data: { pausedAt: null, deletedAt: new Date() } })
  expect(await openScheduledRun(db, time, never)).toBeNull()
})
