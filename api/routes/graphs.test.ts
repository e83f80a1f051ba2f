/** Saved graphs: unfinished ones too, changed by revision, and judged without being run. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defectGraph, picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const create = (graph: object = defectGraph) =>
  studio.call<{ id: string; revision: number; graph: object }>('POST', '/api/v1/graphs', {
    token,
    json: { name: 'g', graph },
  })

test('a graph comes back as it was saved, also an unfinished one', async () => {
  const unfinished = { ...defectGraph, edges: [] }
  const made = await create(unfinished)
  expect(made.status).toBe(201)
  const read = await studio.call<{ graph: object }>('GET', `/api/v1/graphs/${made.body.id}`, { token })
  expect(read.body.graph).toEqual({ ...unfinished, formatVersion: 3, frames: [], subgraphs: {} })
})

test('a graph of format 1 is brought up to today’s', async () => {
  const made = await create({
    nodes: [{ id: 'a', type: 'prompt', position: { x: 0, y: 0 }, data: { text: 'rust' } }],
    edges: [],
  })
  expect(made.body.graph).toMatchObject({ formatVersion: 3, nodes: [{ params: { text: 'rust' } }] })
})

test('of two saves of one revision the second is told the current one', async () => {
  const { id } = (await create()).body
  const save = (name: string) =>
    studio.call('PUT', `/api/v1/graphs/${id}`, { token, json: { revision: 1, name } })
  const answers = await Promise.all([save('one'), save('two')])
  expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
  const clash = answers.find((answer) => answer.status === 409)
  expect(clash?.body).toMatchObject({ code: 'revision-clash', revision: 2 })
  const again = await studio.call('PUT', `/api/v1/graphs/${id}`, {
    token,
    json: { revision: 2, graph: defectGraph },
  })
  expect(again.body.revision).toBe(3)
})

test('what is no graph is refused with every fault', async () => {
  const answer = await studio.call('POST', '/api/v1/graphs', {
    token,
    json: { name: 'g', graph: { formatVersion: 2, nodes: [{ id: '??' }], edges: 7 } },
  })
  expect(answer.status).toBe(422)
  expect(answer.body.problems.length).toBeGreaterThan(1)
})

test('a deleted graph is gone, its run stays', async () => {
  const { id } = (await create()).body
  const photo = (await studio.upload(token, await picture())).body
  const run = (await studio.call('POST', `/api/v1/graphs/${id}/runs`, { token, json: { inputs: { photo } } }))
    .body
  expect((await studio.call('DELETE', `/api/v1/graphs/${id}`, { token })).status).toBe(204)
  expect((await studio.call('GET', `/api/v1/graphs/${id}`, { token })).status).toBe(404)
  expect((await studio.call('DELETE', `/api/v1/graphs/${id}`, { token })).status).toBe(404)
  expect((await studio.call('GET', `/api/v1/runs/${run.id}`, { token })).status).toBe(200)
})

test('a check tells the price, or every problem', async () => {
  const check = (json: object) => studio.call('POST', '/api/v1/graphs/check', { token, json })
  const photo = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 1, width: 1, height: 1, name: 'p' }
  expect((await check({ graph: defectGraph, inputs: { photo } })).body).toEqual({ problems: [], quote: 1 })
  const bad = (await check({ graph: { ...defectGraph, edges: [] } })).body
  expect(bad.quote).toBeNull()
  expect(bad.problems.map((problem) => problem.code)).toEqual(
    expect.arrayContaining(['missing-param', 'missing-input']),
  )
})
