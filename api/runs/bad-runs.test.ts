/** Runs that are too much, or go in circles, are refused in words and leave nothing behind. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'
import { promptGraph, usingGraph } from './saved-graphs.fixtures.ts'

let studio: TestStudio
let token: string
let runs: number
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const post = (path: string, json: object, as = token) => studio.call('POST', path, { token: as, json })
const save = async (graph: object, name: string, as = token) =>
  (await post('/api/v1/graphs', { name, graph }, as)).body.id
const change = (id: string, graph: object) =>
  studio.call('PUT', `/api/v1/graphs/${id}`, { token, json: { revision: 1, graph } })

beforeEach(async () => {
  runs = await studio.db.run.count()
})
let begun = 0
afterEach(async () => {
  expect(await studio.db.run.count()).toBe(runs + begun)
  begun = 0
})

test('two thousand and one parallel nodes', async () => {
  const nodes = Array.from({ length: 2001 }, (_, index) => ({
    id: `n${index}`,
    type: 'prompt',
    position: { x: 0, y: index },
    params: { text: 'rust' },
  }))
  const graph = { formatVersion: 3, nodes, edges: [] }
  for (const path of ['/api/v1/runs', '/api/v1/runs/quote']) {
    const answer = await post(path, { graph })
    expect(answer.status).toBe(422)
    expect(answer.body.problems).toMatchObject([{ code: 'unreadable-graph', field: 'nodes' }])
    expect(answer.body.detail).toContain('A graph may have 500 nodes.')
  }
})

test('two thousand and one nodes that are folded into subgraphs', async () => {
  const node = (id: string, type: string, params: object) => ({ id, type, position: { x: 0, y: 0 }, params })
  const many = (type: string, params: object, count: number) =>
    Array.from({ length: count }, (_, index) => node(`n${index}`, type, params))
  const graph = {
    formatVersion: 3,
    nodes: many('subgraph', { subgraph: 'part', values: {} }, 3),
    edges: [],
    subgraphs: { part: { nodes: many('prompt', { text: 'rust' }, 500), edges: [] } },
  }
  graph.nodes.push(...many('prompt', { text: 'x' }, 490).map((one) => ({ ...one, id: `own-${one.id}` })))
  const answer = await post('/api/v1/runs', { graph })
  expect(answer.status).toBe(422)
  expect(answer.body.problems.map(({ code }) => code)).toContain('graph-too-large')
})

test('a param of 3 MB', async () => {
  const text = 'x'.repeat(3 * 1024 * 1024)
  const answer = await post('/api/v1/runs', { graph: promptGraph, params: { 'words.text': text } })
  expect(answer.status).toBe(422)
  expect(answer.body.problems).toMatchObject([{ code: 'bad-param', nodeId: 'words', field: 'text' }])
  expect(answer.body.detail).toContain('A prompt may have 2000 characters.')
  expect(JSON.stringify(answer.body).length).toBeLessThan(2000)
})

test('saved graphs that need each other', async () => {
  const first = await save(promptGraph, 'First')
  const second = await save(usingGraph(first), 'Second')
  await change(first, usingGraph(second))
  for (const [path, json] of [
    [`/api/v1/graphs/${first}/runs`, {}],
    ['/api/v1/runs', { graph: usingGraph(second) }],
  ] as const) {
    const answer = await post(path, json)
    expect(answer.status).toBe(422)
    expect(answer.body.problems).toMatchObject([{ code: 'cycle', nodeId: 'part' }])
    expect(answer.body.detail).toMatch(
      /This graph needs itself: (First → Second → First|Second → First → Second)\./,
    )
  }
})

test('a saved graph that is somebody else’s, or no more', async () => {
  const stranger = await studio.signInMember('embed-stranger')
  const theirs = await save(promptGraph, 'Private', stranger)
  for (const graphId of [theirs, crypto.randomUUID(), 'no id at all']) {
    const answer = await post('/api/v1/runs', { graph: usingGraph(graphId) })
    expect([answer.status, answer.body.problems[0]?.nodeId]).toEqual([422, 'part'])
    expect(answer.body.detail).not.toContain('Private')
  }
})

test('a saved graph within another runs as it was when the run began', async () => {
  const inner = await save(promptGraph, 'Inner')
  const outer = await save(usingGraph(inner), 'Outer')
  begun = 1
  const started = await post(`/api/v1/graphs/${outer}/runs`, {})
  expect(started.status, JSON.stringify(started.body)).toBe(201)
  const { id } = started.body
  await change(inner, { ...promptGraph, nodes: [], edges: [], inputs: [], outputs: [] })
  const row = await studio.db.run.findUniqueOrThrow({ where: { id } })
  const plan = row.plan as { nodes: { id: string }[] }
  expect(plan.nodes.map((node) => node.id).sort()).toEqual(['part/make', 'part/words'])
  const detail = await studio.call(
    'GET',
    `/api/v1/runs/${id}/nodes/${encodeURIComponent('part/make')}/items`,
    {
      token,
    },
  )
  expect([detail.status, detail.body.items]).toEqual([200, []])
})

test('a picture may be given by its key alone, and one of somebody else is unknown', async () => {
  const { key } = (await studio.upload(token, await picture(3))).body
  const graph = {
    formatVersion: 3,
    nodes: [{ id: 'load', type: 'load-image', position: { x: 0, y: 0 }, params: {} }],
    edges: [],
    inputs: [{ name: 'photo', nodeId: 'load', field: 'image' }],
  }
  begun = 1
  const started = await post('/api/v1/runs', { graph, inputs: { photo: { key } } })
  expect(started.status, JSON.stringify(started.body)).toBe(201)
  const { id } = started.body
  const { document } = await studio.db.run.findUniqueOrThrow({ where: { id } })
  expect(JSON.stringify(document)).toContain('"width":32')
  const stranger = await studio.signInMember('picture-stranger')
  const answer = await post('/api/v1/runs', { graph, inputs: { photo: { key } } }, stranger)
  expect(answer.body.problems).toMatchObject([{ code: 'unknown-artifact', nodeId: 'load', field: 'image' }])
})
