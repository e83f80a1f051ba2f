/** What a picture says of itself comes back over HTTP, to those who may see it. */
import { Graph, type MadePicture, withGraph, withMade } from '@defect-studio/nodes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { defectGraph, picture, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const graph = Graph.parse({ ...defectGraph, formatVersion: 3 })
const made: MadePicture = {
  metadataVersion: 1,
  tool: 'draw-defect',
  output: 'image',
  params: { kind: 'crack', seed: 7 },
  width: 32,
  height: 24,
}

const ask = (bytes: Uint8Array) => {
  const body = new FormData()
  body.append('file', new Blob([Uint8Array.from(bytes)]), 'a.png')
  return studio.call('POST', '/api/v1/images/metadata', { token, body })
}

test('a file and a stored picture tell the same: how they were made, and the graph', async () => {
  const file = withGraph(withMade(await picture(1), made), graph)
  const asked = await ask(file)
  expect(asked.status).toBe(200)
  expect(asked.body).toMatchObject({ made, graph, graphFrom: 'graph', notes: [] })
  expect(asked.body).toHaveProperty('parameters', expect.stringContaining('Tool: draw-defect'))
  const { key } = (await studio.upload(token, file)).body
  const stored = await studio.call('GET', `/api/v1/artifacts/${key}/metadata`, { token })
  expect(stored.body).toEqual(asked.body)
})

test('nothing is kept of a file that was only asked about', async () => {
  const before = await studio.db.artifact.count()
  await ask(await picture(2))
  expect(await studio.db.artifact.count()).toBe(before)
})

test('a picture that says nothing is answered with a sentence, and what is no picture is refused', async () => {
  const plain = await ask(await picture(3))
  expect(plain.body).toMatchObject({ made: null, graph: null, notes: [expect.stringContaining('not say')] })
  for (const bytes of [Buffer.alloc(0), Buffer.from('no picture')]) {
    const refused = await ask(bytes)
    expect([refused.status, refused.body.code]).toEqual([422, 'invalid-image'])
  }
  expect((await studio.call('POST', '/api/v1/images/metadata', { token, body: new FormData() })).status).toBe(
    422,
  )
})

test('who may not see a picture is not told how it was made, and nobody is without signing in', async () => {
  const { key } = (await studio.upload(token, withMade(await picture(4), made))).body
  const stranger = await studio.signInMember('stranger', 'department_admin')
  const path = `/api/v1/artifacts/${key}/metadata`
  expect((await studio.call('GET', path, { token: stranger })).status).toBe(404)
  expect((await studio.call('GET', path)).status).toBe(401)
  expect((await studio.call('POST', '/api/v1/images/metadata', { body: new FormData() })).status).toBe(401)
})
