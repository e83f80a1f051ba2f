/** What a run needs before it is accepted, and that it is accepted once. */
import { collectionMediaType } from '@defect-studio/nodes'
import { runWorkflowId } from '@defect-studio/workflows/run-messages'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defectGraph, picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
let photo: object
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  photo = (await studio.upload(token, await picture())).body
})
afterAll(() => studio.close())

const post = (json: object, headers: Record<string, string> = {}, as = token) =>
  studio.call('POST', '/api/v1/runs', { token: as, json, headers })
const run = (over: object = {}) => ({ graph: defectGraph, inputs: { photo }, ...over })
const withNode = (index: number, change: object) => ({
  ...defectGraph,
  nodes: defectGraph.nodes.map((node, at) => (at === index ? { ...node, ...change } : node)),
})

test('an accepted run is written down, planned, and handed to Temporal', async () => {
  const answer = await post(run({ name: 'First' }))
  expect(answer.status).toBe(201)
  expect(answer.body).toMatchObject({
    status: 'queued',
    graphName: 'First',
    quote: 1,
    cost: 0,
    failure: null,
  })
  expect(answer.body.nodeRuns.map((node) => [node.nodeId, node.state])).toEqual([
    ['load', 'queued'],
    ['draw', 'queued'],
    ['save', 'queued'],
  ])
  const row = await studio.db.run.findUniqueOrThrow({ where: { id: answer.body.id } })
  expect(JSON.stringify(row.plan)).not.toContain('"seed":null')
  await expect
    .poll(async () => (await studio.db.run.findUniqueOrThrow({ where: { id: row.id } })).dispatchedAt, {
      timeout: 20_000,
    })
    .not.toBeNull()
  const { status } = await studio.temporal.workflow.getHandle(runWorkflowId(row.id)).describe()
  expect(status.name).toBe('RUNNING')
  expect((await studio.call('GET', '/api/v1/runs', { token })).body.items[0]).toMatchObject({ id: row.id })
})

test('size, type and price come from the stored picture, not from what the request says of it', async () => {
  const lie = { ...photo, width: 9999, height: 1, bytes: 1, mediaType: 'image/x', url: 'http://evil.example' }
  const answer = await post(run({ inputs: { photo: lie } }))
  const { document } = await studio.db.run.findUniqueOrThrow({ where: { id: answer.body.id } })
  const text = JSON.stringify(document)
  expect(text).toContain('"width":32')
  expect(text).not.toContain('9999')
  expect(text).not.toContain('evil')
})

test('a folder is priced by what it holds, whatever count the request claims', async () => {
  const items = await Promise.all(
    [1, 2, 3].map(async (shade) => ({
      name: `${shade}.png`,
      key: (await studio.upload(token, await picture(shade))).body.key,
    })),
  )
  const folder = (await studio.call('POST', '/api/v1/collections', { token, json: { name: 'parts', items } }))
    .body
  expect(folder).toMatchObject({ count: 3, mediaType: collectionMediaType })
  const answer = await post(run({ inputs: { photo: { ...folder, count: 1 } } }))
  expect(answer.status).toBe(201)
  expect(answer.body.quote).toBe(3)
})

test.each([
  [
    'a cycle',
    {
      edges: [
        ...defectGraph.edges.slice(1),
        { id: 'x', source: 'save', sourceHandle: 'image', target: 'draw', targetHandle: 'image' },
      ],
    },
    'cycle',
    'draw',
  ],
  ['an unknown node type', withNode(1, { type: 'teleport' }), 'unknown-type', 'draw'],
  ['a missing input', { edges: [] }, 'missing-input', 'draw'],
  ['a param out of range', withNode(1, { params: { severity: 7 } }), 'bad-param', 'draw'],
  ['a graph of the future', { formatVersion: 99 }, 'unreadable-graph', undefined],
])('refuses %s, naming the place and the remedy', async (_what, change, code, nodeId) => {
  const runs = await studio.db.run.count()
  const answer = await post(run({ graph: { ...defectGraph, ...change } }))
  expect(answer.status).toBe(422)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  const found = answer.body.problems.find((problem) => problem.code === code && problem.nodeId === nodeId)
  expect(found?.message, JSON.stringify(answer.body)).toBeTruthy()
  expect(found?.remedy).toBeTruthy()
  expect(await studio.db.run.count()).toBe(runs)
})

test('refuses a prompt of 10 kB, naming the field', async () => {
  const graph = {
    formatVersion: 2,
    nodes: [
      { id: 'words', type: 'prompt', position: { x: 0, y: 0 }, params: { text: 'rust '.repeat(2000) } },
      { id: 'make', type: 'text-to-image', position: { x: 0, y: 0 }, params: {} },
    ],
    edges: [{ id: 'a', source: 'words', sourceHandle: 'text', target: 'make', targetHandle: 'prompt' }],
  }
  const answer = await post({ graph })
  expect(answer.status).toBe(422)
  expect(answer.body.problems).toMatchObject([{ nodeId: 'words', field: 'text', code: 'bad-param' }])
})

test('refuses a picture that was never uploaded, and an unknown graph input', async () => {
  const gone = await post(run({ inputs: { photo: { ...photo, key: 'f'.repeat(64) } } }))
  expect(gone.body.problems).toMatchObject([{ code: 'unknown-artifact', nodeId: 'load', field: 'image' }])
  const unknown = await post(run({ inputs: { foto: photo } }))
  expect(unknown.status).toBe(422)
  expect(unknown.body.problems.map((problem) => problem.code)).toContain('unknown-graph-input')
})

test('refuses a run that costs more than there is, and says both numbers', async () => {
  const poor = await studio.signInMember('poor')
  const mine = (await studio.upload(poor, await picture(7))).body
  const answer = await post(run({ inputs: { photo: mine } }), {}, poor)
  expect(answer.status).toBe(402)
  expect(answer.body).toMatchObject({ code: 'insufficient-tokens', needed: 1, available: 0 })
  expect(answer.body.remedy).toBeTruthy()
  expect(await studio.db.run.count({ where: { owner: { loginId: 'poor' } } })).toBe(0)
})

test('refuses a model that no server has, once a server has registered', async () => {
  const made = await studio.call('POST', '/api/v1/worker-tokens', { token, json: { name: 'host' } })
  await studio.call('POST', '/api/v1/worker/register', {
    token: made.body.token,
    json: { serverId: 'h1', name: 'H1', provider: 'cpu', device: '', memoryMb: 1, version: '1', models: [] },
  })
  const graph = {
    ...defectGraph,
    nodes: [
      defectGraph.nodes[0],
      { ...defectGraph.nodes[1], type: 'remove-background', params: { model: 'none-such' } },
    ],
    edges: [defectGraph.edges[0]],
    outputs: [],
  }
  const answer = await post(run({ graph }))
  expect(answer.status).toBe(422)
  expect(answer.body.problems).toMatchObject([{ code: 'unknown-model', nodeId: 'draw', field: 'model' }])
})

test('the same request with the same key is the same run, also ten times at once', async () => {
  const headers = { 'idempotency-key': 'once-1' }
  const answers = await Promise.all(Array.from({ length: 10 }, () => post(run(), headers)))
  expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  expect(answers.map((answer) => answer.status).sort()).toEqual([...Array<number>(9).fill(200), 201])
  expect(await studio.db.run.count({ where: { idempotencyKey: 'once-1' } })).toBe(1)
  const other = await post(run({ name: 'Another' }), headers)
  expect(other.status).toBe(409)
  expect(other.body.code).toBe('idempotency-clash')
})

test('cancelling reaches the workflow', async () => {
  const { body } = await post(run())
  const answer = await studio.call('POST', `/api/v1/runs/${body.id}/cancel`, { token })
  expect(answer.status).toBe(202)
  expect(answer.body.cancelAskedAt).toBeTruthy()
  await expect
    .poll(
      async () => {
        const history = await studio.temporal.workflow
          .getHandle(runWorkflowId(body.id))
          .fetchHistory()
          .catch(() => null)
        return history?.events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)
      },
      { timeout: 20_000 },
    )
    .toBe(true)
})

test('what came out is listed by node and by declared output, with working links', async () => {
  const { body } = await post(run())
  const image = { ...photo, mediaType: 'image/png' } as Record<string, unknown>
  const made = { tool: 'draw-defect', seed: 5 }
  const about = { runId: body.id, nodeId: 'draw' }
  const item = [{ name: 'part.png', value: image, made }]
  await studio.db.nodeRun.upsert({
    where: { runId_nodeId: about },
    create: {
      ...about,
      type: 'draw-defect',
      itemsTotal: 1,
      itemsDone: 1,
      state: 'succeeded',
      cost: 1_000_000n,
    },
    update: { itemsDone: 1, state: 'succeeded', cost: 1_000_000n },
  })
  await studio.db.nodeRunItem.create({
    data: {
      ...about,
      index: 0,
      name: 'part.png',
      state: 'succeeded',
      outputs: JSON.parse(JSON.stringify({ image: item, mask: item })) as object,
    },
  })
  const detail = (await studio.call('GET', `/api/v1/runs/${body.id}`, { token })).body
  expect(detail.cost).toBe(1)
  expect(detail.outputs.map((output) => [output.name, output.type])).toEqual([
    ['picture', 'image'],
    ['mask', 'mask'],
  ])
  const [first] = detail.outputs[0]?.items ?? []
  expect(first).toMatchObject({ name: 'part.png', made })
  expect(first?.mask.url).toBeTruthy()
  expect((await studio.call('GET', first?.image.url ?? '')).status).toBe(200)
  const drawn = detail.nodeRuns.find((node) => node.nodeId === 'draw')
  expect(drawn?.outputs).toMatchObject([
    { port: 'image', total: 1 },
    { port: 'mask', total: 1 },
  ])
})

test('lists are read page by page without gaps or repeats', async () => {
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const query = new URLSearchParams({ limit: '2', ...(cursor ? { cursor } : {}) })
    const { body } = await studio.call('GET', `/api/v1/runs?${query.toString()}`, { token })
    seen.push(...body.items.map((item) => item.id))
    cursor = body.nextCursor ?? undefined
  } while (cursor)
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.length).toBe(await studio.db.run.count({ where: { owner: { loginId: 'owner' } } }))
})
