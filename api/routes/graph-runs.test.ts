/** Other programs run graphs: once for each key, for good; all runs of a batch or none; told when something changes. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { endRun } from '@defect-studio/stores'
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

interface CallerAnswer {
  id: string
  status: string
  reference: string
  graphRevision: number
  count: number
  quote: number
  code: string
  runs: Record<string, number>
  outputs: { name: string; total: number }[]
  problems: { item: number; code: string; field: string; nodeId: string }[]
}

let studio: TestStudio
let token: string
let graphId: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  const json = { name: 'g', graph: promptGraph }
  graphId = (await studio.call('POST', '/api/v1/graphs', { token, json })).body.id
})
afterAll(() => studio.close())

const post = (path: string, json: object, key?: string) =>
  studio.call<CallerAnswer>('POST', path, {
    token,
    json,
    ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
  })
const run = (json: object, key?: string) => post(`/api/v1/graphs/${graphId}/runs`, json, key)
const given = (prompt: string) => ({ inputs: { prompt }, reference: `part ${prompt}` })
const read = (id: string, query = '') =>
  studio.call<CallerAnswer>('GET', `/api/v1/runs/${id}${query}`, { token })

test('a run has the caller’s own id, the revision that ran, and its declared outputs', async () => {
  const answer = await run(given('a crack'))
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({ reference: 'part a crack', graphRevision: 1, status: 'queued' })
  expect(answer.body.outputs).toMatchObject([{ name: 'picture', total: 0 }])
  const row = await studio.db.run.findUniqueOrThrow({ where: { id: answer.body.id } })
  expect(JSON.stringify(row.plan)).toContain('a crack')
  expect(row.trigger).toBe('hand')
})

test('a graph tells programs what it may be given', async () => {
  const { body } = await studio.call<{ inputs: object[]; outputs: object[] }>(
    'GET',
    `/api/v1/graphs/${graphId}`,
    { token },
  )
  expect(body.inputs).toMatchObject([{ name: 'prompt', field: 'words.text', schema: { type: 'string' } }])
  expect(body.outputs).toEqual([{ name: 'picture', type: 'image' }])
})

test('fifty identical starts at once with one key are one run, and without keys fifty', async () => {
  const key = randomUUID()
  const answers = await Promise.all(Array.from({ length: 50 }, () => run(given('once'), key)))
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
  expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(49).fill(200), 201])
  const free = await Promise.all(Array.from({ length: 50 }, () => run(given('often'))))
  expect(new Set(free.map(({ body }) => body.id)).size).toBe(50)
  expect(await studio.db.run.count({ where: { reference: 'part once' } })).toBe(1)
})

test('a key that is used again after a month means the same request, and when its run was removed that is said', async () => {
  const key = randomUUID()
  const { id } = (await run(given('early'), key)).body
  await studio.db.idempotencyKey.updateMany({
    where: { key },
    data: { createdAt: new Date(Date.now() - 31 * 24 * 3600_000) },
  })
  expect((await run(given('early'), key)).body.id).toBe(id)
  expect((await run(given('other'), key)).body.code).toBe('idempotency-clash')
  await studio.db.run.delete({ where: { id } })
  const removed = await run(given('early'), key)
  expect([removed.status, removed.body.code]).toEqual([410, 'removed'])
  expect((await run(given('other'), key)).status).toBe(409)
})

test('a fixed revision runs as it was saved, and one that is not there is named', async () => {
  const json = { name: 'two', graph: promptGraph }
  const { id } = (await studio.call('POST', '/api/v1/graphs', { token, json })).body
  const graph = {
    ...promptGraph,
    nodes: promptGraph.nodes.map((node) => ({ ...node, title: `second ${node.id}` })),
  }
  await studio.call('PUT', `/api/v1/graphs/${id}`, { token, json: { revision: 1, graph } })
  const first = await post(`/api/v1/graphs/${id}/runs`, { revision: 1 })
  const latest = await post(`/api/v1/graphs/${id}/runs`, {})
  expect([first.body.graphRevision, latest.body.graphRevision]).toEqual([1, 2])
  const documentOf = async (runId: string) =>
    JSON.stringify((await studio.db.run.findUniqueOrThrow({ where: { id: runId } })).document)
  expect(await documentOf(first.body.id)).not.toContain('second')
  expect(await documentOf(latest.body.id)).toContain('second')
  expect((await post(`/api/v1/graphs/${id}/runs`, { revision: 9 })).status).toBe(404)
  const revisions = await studio.call('GET', `/api/v1/graphs/${id}/revisions`, { token })
  expect(revisions.body.items.map(({ revision }) => revision)).toEqual([2, 1])
  const old = await studio.call<{ graph: object }>('GET', `/api/v1/graphs/${id}/revisions/1`, { token })
  expect(JSON.stringify(old.body.graph)).not.toContain('second')
})

test('a batch is begun whole or not at all, with every problem at its place', async () => {
  const runs = await studio.db.run.count()
  const bad = await post(`/api/v1/graphs/${graphId}/batches`, {
    items: [given('good'), { inputs: { promt: 'typo' } }, { params: { 'make.steps': 4000 } }],
  })
  expect(bad.status).toBe(422)
  expect(bad.body.problems.map(({ item, code }) => [item, code])).toEqual([
    [1, 'unknown-graph-input'],
    [2, 'bad-param'],
  ])
  expect(await studio.db.run.count()).toBe(runs)
})

test('a batch counts its runs by state, is the same under the same key, and is cancelled together', async () => {
  const items = ['a', 'b', 'c'].map(given)
  const path = `/api/v1/graphs/${graphId}/batches`
  const key = randomUUID()
  const made = await post(path, { items }, key)
  expect(made.status).toBe(201)
  expect(made.body).toMatchObject({ count: 3, quote: 3, runs: { queued: 3, removed: 0 } })
  expect((await post(path, { items }, key)).body.id).toBe(made.body.id)
  expect((await run(given('a'), key)).status).toBe(409)
  const at = `/api/v1/batches/${made.body.id}`
  const listed = await studio.call('GET', `${at}/runs?limit=2`, { token })
  expect(listed.body.items).toHaveLength(2)
  expect(listed.body.nextCursor).toBeTruthy()
  const rows = await studio.db.run.findMany({ where: { batchId: made.body.id } })
  expect(rows.map(({ reference }) => reference).sort()).toEqual(['part a', 'part b', 'part c'])
  expect((await post(`${at}/cancel`, {})).status).toBe(202)
  const asked = await studio.db.run.count({
    where: { batchId: made.body.id, cancelAskedAt: { not: null } },
  })
  expect(asked).toBe(3)
})

test('a batch that the tokens do not cover is refused with both numbers', async () => {
  const poor = await studio.signInMember('poor-caller', 'department_member', 'My department')
  await studio.db.graph.update({ where: { id: graphId }, data: { visibility: 'department' } })
  const answer = await studio.call('POST', `/api/v1/graphs/${graphId}/batches`, {
    token: poor,
    json: { items: [given('a'), given('b')] },
  })
  expect([answer.status, answer.body.needed, answer.body.available]).toEqual([402, 2, 0])
})

test('a long poll answers as soon as the state changes, and at once when it has changed before', async () => {
  const { id } = (await run(given('poll'))).body
  const waiting = read(id, '?wait=50&state=queued')
  await endRun(studio.db, { runId: id, status: 'cancelled' })
  expect((await waiting).body.status).toBe('cancelled')
  expect((await read(id, '?wait=50&state=queued')).body.status).toBe('cancelled')
  expect((await read(randomUUID(), '?wait=50')).status).toBe(404)
})

test('a run is quoted without being begun', async () => {
  const runs = await studio.db.run.count()
  const params = { 'make.count': 3 }
  const answer = await studio.call('POST', '/api/v1/runs/quote', { token, json: { graphId, params } })
  expect(answer.body).toMatchObject({ quote: 3, covered: true })
  expect(await studio.db.run.count()).toBe(runs)
})
