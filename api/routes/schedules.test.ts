/** Schedules over the real Temporal server: it knows their times, and a schedule that never comes is refused. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

interface Body {
  id: string
  paused: boolean
  nextTimes: string[]
  stoppedBecause: string | null
  counts: { taken: number } | null
  detail: string
  problems: { field: string }[]
  times: number
  items: { id: string }[]
}

let studio: TestStudio
let token: string
let graphId: string

beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  const prompt = { id: 'text', type: 'prompt', position: { x: 0, y: 0 }, params: { text: 'steel' } }
  const graph = { formatVersion: 3, nodes: [prompt], edges: [] }
  const saved = await studio.call('POST', '/api/v1/graphs', { token, json: { name: 'Nightly', graph } })
  graphId = saved.body.id
})
afterAll(() => studio?.close())

const create = (change: object) =>
  studio.call<Body>('POST', '/api/v1/schedules', {
    token,
    json: {
      name: 'Nights',
      graphId,
      timing: { kind: 'cron', cron: '0 2 * * *' },
      timeZone: 'Asia/Seoul',
      ...change,
    },
  })

test('Temporal is told of a schedule, of its pause and of its end', async () => {
  const { status, body } = await create({})
  expect(status).toBe(201)
  expect(body.nextTimes).toHaveLength(5)
  expect(body.counts).toMatchObject({ taken: 0 })
  const handle = studio.temporal.schedule.getHandle(`schedule:${body.id}`)
  const known = await handle.describe()
  expect(known.info.nextActionTimes[0]?.toISOString()).toBe(body.nextTimes[0])
  const paused = await studio.call<Body>('POST', `/api/v1/schedules/${body.id}/pause`, { token })
  expect(paused.body).toMatchObject({ paused: true, nextTimes: [] })
  expect((await handle.describe()).state.paused).toBe(true)
  await studio.call('POST', `/api/v1/schedules/${body.id}/resume`, { token })
  expect((await handle.describe()).state.paused).toBe(false)
  expect((await studio.call('DELETE', `/api/v1/schedules/${body.id}`, { token })).status).toBe(204)
  await expect(handle.describe()).rejects.toThrow()
  expect((await studio.call('GET', `/api/v1/schedules/${body.id}`, { token })).status).toBe(404)
})

test.each([
  ['a date that no year has', { timing: { kind: 'cron', cron: '0 0 31 2 *' } }, 'timing', 'never comes'],
  [
    'a line that cannot be read',
    { timing: { kind: 'cron', cron: '99 0 * * *' } },
    'timing',
    'cannot be read',
  ],
  ['a time zone of no place', { timeZone: 'Mars/Olympus' }, 'timing', 'no such time zone'],
  [
    'an interval below a minute',
    { timing: { kind: 'interval', everySeconds: 5 } },
    'timing.everySeconds',
    '60',
  ],
  ['a revision that is not there yet', { revision: 99 }, 'revision', 'no 99'],
])('%s is refused with the field', async (_name, change, field, words) => {
  const { status, body } = await create(change)
  expect(status).toBe(422)
  expect(body.problems[0]?.field).toBe(field)
  expect(body.detail).toContain(words)
})

test('a graph that is not there is not found', async () => {
  expect((await create({ graphId: randomUUID() })).status).toBe(404)
})

test('past times are made up for as many as there were', async () => {
  const { body } = await create({ paused: true })
  const json = { from: '2026-11-01T00:00:00Z', to: '2026-11-04T00:00:00Z' }
  const made = await studio.call<Body>('POST', `/api/v1/schedules/${body.id}/backfill`, { token, json })
  expect(made).toMatchObject({ status: 202, body: { times: 3 } })
  const none = { from: '2026-11-01T00:00:00Z', to: '2026-11-01T00:01:00Z' }
  const refused = await studio.call<Body>('POST', `/api/v1/schedules/${body.id}/backfill`, {
    token,
    json: none,
  })
  expect(refused.status).toBe(422)
  await studio.call('DELETE', `/api/v1/schedules/${body.id}`, { token })
})

test('a member sees the own schedules, an administrator those of the department', async () => {
  const { body } = await create({ paused: true })
  const member = await studio.signInMember('mia', 'department_member', 'My department')
  const admin = await studio.signInMember('ada', 'department_admin', 'My department')
  const list = async (who: string) => {
    const answer = await studio.call<Body>('GET', '/api/v1/schedules', { token: who })
    return answer.body.items.map(({ id }) => id)
  }
  expect(await list(member)).toEqual([])
  expect(await list(admin)).toContain(body.id)
  const path = `/api/v1/schedules/${body.id}`
  expect((await studio.call('GET', path, { token: member })).status).toBe(404)
  expect((await studio.call('POST', `${path}/pause`, { token: member })).status).toBe(404)
  await studio.call('DELETE', path, { token })
})
