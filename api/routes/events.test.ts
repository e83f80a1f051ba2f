/** One stream with many topics: what is not one's own is refused, topics come and go, and a reader who returns misses nothing. */
import { randomUUID } from 'node:crypto'
import type { RunEvent } from '@defect-studio/nodes'
import { publishChange } from '@defect-studio/stores'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import type { z } from 'zod'
import { EventMessage } from '../shapes/events.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
const open = new Set<Line>()
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInMember('mina', 'department_member', 'press')
})
afterEach(() => {
  for (const line of open) line.close()
  vi.useRealTimers()
})
afterAll(() => studio.close())

/** The machine may be busy. */
const soon = { timeout: 20_000 }

type Message = z.infer<typeof EventMessage>
interface Line {
  messages: Message[]
  /** The latest `id:`, as a browser keeps it. */
  lastId: string
  streamId(): string
  ended: Promise<void>
  close(): void
}

async function follow(topics: string, given: { token?: string; lastId?: string } = {}): Promise<Line> {
  const stopping = new AbortController()
  const response = await fetch(`${studio.url}/api/v1/events?topics=${topics}`, {
    headers: {
      authorization: `Bearer ${given.token ?? token}`,
      ...(given.lastId ? { 'last-event-id': given.lastId } : {}),
    },
    signal: stopping.signal,
  })
  expect(response.status).toBe(200)
  const line: Line = {
    messages: [],
    lastId: '',
    streamId: () => line.messages.flatMap((each) => (each.type === 'opened' ? [each.streamId] : []))[0] ?? '',
    close: () => stopping.abort(),
    ended: read(response, (id, data) => {
      if (id !== undefined) line.lastId = id
      if (data !== undefined) line.messages.push(EventMessage.parse(JSON.parse(data)))
    }).catch(() => undefined),
  }
  open.add(line)
  return line
}

async function read(response: Response, heard: (id?: string, data?: string) => void): Promise<void> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) heard(/^id: (.*)$/m.exec(block)?.[1], /^data: (.*)$/m.exec(block)?.[1])
  }
}

async function makeRun(loginId = 'mina'): Promise<string> {
  const { id, departmentId } = await studio.db.member.findUniqueOrThrow({ where: { loginId } })
  const data = { graphName: 'g', document: {}, plan: {}, quote: 0, requestHash: '' }
  return (await studio.db.run.create({ data: { ...data, ownerId: id, departmentId } })).id
}

const state = (runId: string, itemsDone: number): RunEvent => ({
  ...{ type: 'node-run-state', runId, nodeId: 'n', state: 'running', itemsTotal: 9, itemsDone },
  ...{ itemsCached: 0, itemsFailed: 0 },
})
const status = (runId: string): RunEvent => ({ type: 'run-status', runId, status: 'running' })
const ofType = (line: Line, type: Message['type']) => line.messages.filter((each) => each.type === type)
/** Every position has been told, and every topic has joined. */
const isThere = (line: Line) => expect.poll(() => line.lastId, soon).not.toBe('')

test('one stream tells of many topics, each message with those that it belongs to', async () => {
  const [runId, other] = [await makeRun(), await makeRun()]
  const line = await follow(`runs:${runId},runs:mine,reviews`)
  await isThere(line)
  expect(line.messages.slice(1)).toEqual([
    { type: 'run-states', run: { runId, status: 'queued', paused: false, priority: 2, nodes: [] } },
    { type: 'read-again', topic: 'runs:mine' },
    { type: 'reviews', waiting: 0 },
  ])
  const progress: RunEvent = {
    type: 'node-run-progress',
    runId,
    nodeId: 'n',
    itemIndex: 0,
    step: 1,
    total: 2,
  }
  for (const event of [status(runId), status(other), state(other, 1), state(runId, 1), progress])
    await studio.events.publish(event)
  await expect.poll(() => ofType(line, 'run-event').length, soon).toBe(4)
  expect(ofType(line, 'run-event')).toEqual(
    expect.arrayContaining([
      { type: 'run-event', topics: [`runs:${runId}`, 'runs:mine'], event: status(runId) },
      { type: 'run-event', topics: ['runs:mine'], event: status(other) },
      { type: 'run-event', topics: [`runs:${runId}`], event: state(runId, 1) },
      { type: 'run-event', topics: [`runs:${runId}`], event: progress },
    ]),
  )
})

test('what is not yours is refused, and an administrator follows the runs of the own department alone', async () => {
  const admin = await studio.signInMember('ada', 'department_admin', 'press')
  const stranger = await studio.signInMember('sam', 'department_admin', 'paint')
  const runId = await makeRun()
  const wanted = [`runs:${runId}`, 'runs:department', 'runs:nobody', `runs:${randomUUID()}`]
  const refusedOf = async (who: string) => {
    const line = await follow(wanted.join(), { token: who })
    await isThere(line)
    return { line, refused: line.messages.flatMap((each) => (each.type === 'refused' ? [each.topic] : [])) }
  }
  const [byAdmin, byStranger] = [await refusedOf(admin), await refusedOf(stranger)]
  expect(byAdmin.refused).toEqual(wanted.slice(2))
  expect(byStranger.refused).toEqual([wanted[0], ...wanted.slice(2)])
  const plain = await follow('runs:department')
  await isThere(plain)
  expect(ofType(plain, 'refused')).toEqual([{ type: 'refused', topic: 'runs:department' }])
  await studio.events.publish(status(runId))
  await expect.poll(() => ofType(byAdmin.line, 'run-event').length, soon).toBe(1)
  // What the stranger could have heard would be there by now: the same call has told both.
  expect(ofType(byStranger.line, 'run-event')).toEqual([])
  expect(ofType(plain, 'run-event')).toEqual([])
})

test('topics change while the stream is open; a new one gets its state, then what happens', async () => {
  const [first, second] = [await makeRun(), await makeRun()]
  const line = await follow(`runs:${first}`)
  await isThere(line)
  const change = (topics: string[], who = token) =>
    studio.call('POST', `/api/v1/events/${line.streamId()}/topics`, { token: who, json: { topics } })
  expect((await change([`runs:${second}`])).status).toBe(204)
  await expect.poll(() => ofType(line, 'run-states').length, soon).toBe(2)
  await studio.events.publish(state(first, 1))
  await studio.events.publish(state(second, 1))
  await expect.poll(() => ofType(line, 'run-event'), soon).toMatchObject([{ event: state(second, 1) }])
  const stranger = await studio.signInMember('eve')
  expect((await change([`runs:${first}`], stranger)).status).toBe(404)
  expect((await change(Array<string>(101).fill('tokens'))).status).toBe(422)
})

test('who comes back gets every event that was missed, in order, and no state', async () => {
  const runId = await makeRun()
  const line = await follow(`runs:${runId},runs:mine`)
  await studio.events.publish(state(runId, 1))
  await expect.poll(() => ofType(line, 'run-event').length, soon).toBe(1)
  const before = line.lastId
  line.close()
  await line.ended
  for (const done of [2, 3, 4]) await studio.events.publish(state(runId, done))
  await studio.events.publish(status(runId))
  const again = await follow(`runs:${runId},runs:mine`, { lastId: before })
  await isThere(again)
  const missed = again.messages.flatMap((each) => (each.type === 'run-event' ? [each.event] : []))
  // While other transactions are open, what was heard last may come once more.
  expect(missed.slice(-4)).toEqual([state(runId, 2), state(runId, 3), state(runId, 4), status(runId)])
  expect(
    missed.slice(0, -4).every((event) => JSON.stringify(event) === JSON.stringify(state(runId, 1))),
  ).toBe(true)
  expect(again.messages.map(({ type }) => type)).not.toContain('run-states')

  const late = await follow(`runs:${runId}`, { lastId: `1-${Date.now() - 2 * 60 * 60_000}` })
  await isThere(late)
  expect(late.messages.map(({ type }) => type)).toEqual(['opened', 'run-states'])
})

test('tokens and reviews are told when they change', async () => {
  const line = await follow('tokens,reviews')
  await isThere(line)
  expect(ofType(line, 'tokens')).toEqual([
    { type: 'tokens', balance: { posted: 0, pending: 0, available: 0 } },
  ])
  const { id, departmentId } = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'mina' } })
  const order = { departmentId, amount: 5_000_000n, byMemberId: null }
  await studio.ledger.issue({ ...order, idem: 'issue', expiresAt: null })
  await studio.ledger.distribute({ ...order, idem: 'distribute', memberId: id })
  await publishChange(studio.db, { topic: 'tokens', memberId: id })
  await expect
    .poll(() => ofType(line, 'tokens').at(-1), soon)
    .toMatchObject({ type: 'tokens', balance: { available: 5 } })
  const review = { nodeId: 'r', ownerId: id, departmentId, title: '', question: '', reviewerIds: [] }
  const asked = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'ada' } })
  await studio.db.review.create({ data: { ...review, runId: await makeRun() } })
  await studio.db.review.create({ data: { ...review, runId: await makeRun(), reviewerIds: [asked.id] } })
  await publishChange(studio.db, { topic: 'reviews', departmentId })
  await expect.poll(() => ofType(line, 'reviews').at(-1), soon).toEqual({ type: 'reviews', waiting: 1 })
})

test('the stream of somebody who has signed out ends with the reason', async () => {
  const leaving = await studio.signInMember('lea')
  vi.useFakeTimers({ toFake: ['setInterval'] })
  const line = await follow('runs:mine', { token: leaving })
  await isThere(line)
  expect((await studio.call('POST', '/api/v1/auth/logout', { token: leaving })).status).toBe(204)
  vi.advanceTimersByTime(15_000)
  await line.ended
  expect(line.messages.at(-1)).toEqual({ type: 'closing', reason: 'signed-out' })
})
