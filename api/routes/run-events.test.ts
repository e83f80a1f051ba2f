/** The live line of a run: a snapshot first, every event after it, and an end when the run has ended. */
import { longestPreview, RunEvent } from '@defect-studio/nodes'
import { writePosition } from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { RunMessage } from '../shapes/run.ts'
import { defectGraph, picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

async function startRun(): Promise<string> {
  const photo = (await studio.upload(token, await picture())).body
  return (
    await studio.call('POST', '/api/v1/runs', { token, json: { graph: defectGraph, inputs: { photo } } })
  ).body.id
}

/** Yields the messages of the stream, as they come. */
async function* follow(runId: string, lastId?: string) {
  const response = await fetch(`${studio.url}/api/v1/runs/${runId}/events`, {
    headers: { authorization: `Bearer ${token}`, ...(lastId ? { 'last-event-id': lastId } : {}) },
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response.body ?? []) {
    const blocks = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n\n')
    rest = blocks.pop() ?? ''
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1]
      if (data === undefined) continue
      const message = RunMessage.parse(JSON.parse(data))
      // That a run was queued is told in the background, sooner or later than what a test does next.
      if (message.type === 'run-status' && message.status === 'queued') continue
      yield { name: /^event: (.*)$/m.exec(block)?.[1], data: message }
    }
  }
}

test('events that a worker reports reach whoever follows the run, and no other run', async () => {
  const [runId, otherId] = [await startRun(), await startRun()]
  const worker = (await studio.call('POST', '/api/v1/worker-tokens', { token, json: { name: 'w' } })).body
    .token
  const messages = follow(runId)
  const first = (await messages.next()).value
  expect(first).toMatchObject({
    name: 'snapshot',
    data: { type: 'snapshot', run: { id: runId, status: 'queued' } },
  })
  // The largest preview there may be still fits into a notification.
  const start = 'data:image/webp;base64,'
  const preview = start + 'A'.repeat(longestPreview - start.length)
  const progress = { nodeId: 'd'.repeat(64), itemIndex: 0, step: 3, total: 20, preview }
  for (const id of [otherId, runId])
    await studio.call('POST', '/api/v1/worker/progress', { token: worker, json: { runId: id, ...progress } })
  const second = (await messages.next()).value
  expect(second).toEqual({ name: 'run-event', data: { type: 'node-run-progress', runId, ...progress } })
  expect(RunEvent.safeParse(second?.data).success).toBe(true)

  await studio.db.run.update({ where: { id: runId }, data: { status: 'succeeded', endedAt: new Date() } })
  await studio.events.publish({ type: 'run-status', runId, status: 'succeeded' })
  expect((await messages.next()).value?.data).toMatchObject({ type: 'run-status', status: 'succeeded' })
  expect((await messages.next()).value?.data).toMatchObject({
    type: 'snapshot',
    run: { status: 'succeeded' },
  })
  expect((await messages.next()).done).toBe(true)
})

test.each([
  ['longer than a notification', `data:image/webp;base64,${'A'.repeat(longestPreview)}`],
  ['a page', 'data:text/html;base64,AAAA'],
  ['an address', 'https://elsewhere.example/picture.webp'],
])('a preview that is %s is refused', async (_what, preview) => {
  const worker = (await studio.call('POST', '/api/v1/worker-tokens', { token, json: { name: 'p' } })).body
    .token
  const json = { runId: await startRun(), nodeId: 'draw', itemIndex: 0, step: 3, total: 20, preview }
  const answer = await studio.call('POST', '/api/v1/worker/progress', { token: worker, json })
  expect(answer.status).toBe(422)
})

test('a run that has ended is one snapshot and the end', async () => {
  const runId = await startRun()
  await studio.db.run.update({ where: { id: runId }, data: { status: 'cancelled' } })
  const messages = []
  for await (const message of follow(runId)) messages.push(message)
  expect(messages).toMatchObject([{ data: { run: { status: 'cancelled' } } }])
})

test('who comes back gets the events that were missed instead of a snapshot', async () => {
  const runId = await startRun()
  const messages = follow(runId)
  await messages.next()
  const lastId = writePosition(studio.events.position())
  await messages.return(undefined)
  const event = { type: 'run-status', runId, status: 'running' } as const
  await studio.events.publish(event)
  const again = follow(runId, lastId)
  expect((await again.next()).value).toEqual({ name: 'run-event', data: event })
  await again.return(undefined)
})

test('when the API stops, open lines end instead of breaking', async () => {
  const leaving = await startTestStudio()
  try {
    const owner = await leaving.signInOwner()
    const photo = (await leaving.upload(owner, await picture())).body
    const json = { graph: defectGraph, inputs: { photo } }
    const { id } = (await leaving.call('POST', '/api/v1/runs', { token: owner, json })).body
    const headers = { authorization: `Bearer ${owner}` }
    const response = await fetch(`${leaving.url}/api/v1/runs/${id}/events`, { headers })
    const text = response.text()
    await leaving.drain()
    expect(await text).toContain('event: snapshot')
  } finally {
    await leaving.close()
  }
})

test('the line of somebody who has signed out ends without another word about the run', async () => {
  const runId = await startRun()
  const messages = follow(runId)
  expect((await messages.next()).value?.name).toBe('snapshot')
  expect((await studio.call('POST', '/api/v1/auth/logout', { token })).status).toBe(204)
  await studio.db.run.update({ where: { id: runId }, data: { status: 'succeeded', endedAt: new Date() } })
  await studio.events.publish({ type: 'run-status', runId, status: 'succeeded' })
  expect((await messages.next()).value?.name).toBe('run-event')
  expect((await messages.next()).done).toBe(true)
})
