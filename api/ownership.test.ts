/** A second member sees nothing of the first; a worker token opens the worker's routes alone. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from './routes/index.ts'
import { defectGraph, picture, startTestStudio, type TestStudio } from './studio.fixtures.ts'

let studio: TestStudio
let mine: string
let colleague: string
let stranger: string
let workerToken: string
let photo: { key: string; url: string }
let ids: { graph: string; run: string; image: string; apiKey: string }

beforeAll(async () => {
  studio = await startTestStudio()
  mine = await studio.signInOwner()
  colleague = await studio.signInMember('colleague', 'department_admin', 'My department')
  stranger = await studio.signInMember('stranger', 'department_admin')
  workerToken = (await studio.call('POST', '/api/v1/worker-tokens', { token: mine, json: { name: 'host' } }))
    .body.token
  photo = (await studio.upload(mine, await picture())).body
  const graph = (
    await studio.call('POST', '/api/v1/graphs', { token: mine, json: { name: 'g', graph: defectGraph } })
  ).body
  const json = { inputs: { photo } }
  const run = (await studio.call('POST', `/api/v1/graphs/${graph.id}/runs`, { token: mine, json })).body
  const me = await studio.db.member.findFirstOrThrow({ where: { loginId: 'owner' } })
  const image = await studio.db.image.create({
    data: {
      artifactKey: photo.key,
      name: 'secret',
      ownerId: me.id,
      departmentId: me.departmentId,
      visibility: 'private',
      width: 32,
      height: 24,
    },
  })
  const apiKey = (await studio.call('POST', '/api/v1/api-keys', { token: mine, json: { name: 'k' } })).body
  ids = { graph: graph.id, run: run.id, image: image.id, apiKey: apiKey.id }
})
afterAll(() => studio.close())

const paths = () => [
  ['GET', `/api/v1/graphs/${ids.graph}`],
  ['DELETE', `/api/v1/graphs/${ids.graph}`],
  ['GET', `/api/v1/runs/${ids.run}`],
  ['GET', `/api/v1/runs/${ids.run}/events`],
  ['POST', `/api/v1/runs/${ids.run}/cancel`],
  ['GET', `/api/v1/images/${ids.image}`],
  ['DELETE', `/api/v1/images/${ids.image}`],
  ['GET', `/api/v1/artifacts/${photo.key}`],
  ['GET', `/api/v1/artifacts/${photo.key}/content`],
  ['GET', `/api/v1/artifacts/${photo.key}/thumbnail`],
  ['GET', `/api/v1/artifacts/${photo.key}/metadata`],
  ['DELETE', `/api/v1/api-keys/${ids.apiKey}`],
]

test('neither a colleague nor a stranger reads, changes or deletes anything', async () => {
  for (const token of [colleague, stranger])
    for (const [method = '', path = ''] of paths()) {
      const answer = await studio.call(method, path, { token })
      expect(answer.status, `${method} ${path}`).toBe(404)
      expect(answer.body.code).toBe('not-found')
    }
  expect((await studio.call('GET', `/api/v1/graphs/${ids.graph}`, { token: mine })).status).toBe(200)
  const run = await studio.db.run.findUniqueOrThrow({ where: { id: ids.run } })
  expect(run.cancelAskedAt).toBeNull()
})

test('their lists are empty', async () => {
  for (const token of [colleague, stranger])
    for (const path of [
      '/api/v1/graphs',
      '/api/v1/runs',
      '/api/v1/images',
      '/api/v1/tokens/transfers',
      '/api/v1/api-keys',
    ])
      expect((await studio.call('GET', path, { token })).body.items, path).toEqual([])
})

test('they can use neither the picture nor the graph in runs and folders of their own', async () => {
  for (const token of [colleague, stranger]) {
    const direct = await studio.call('POST', '/api/v1/runs', {
      token,
      json: { graph: defectGraph, inputs: { photo } },
    })
    expect(direct.body.problems[0]?.code).toBe('unknown-artifact')
    const saved = await studio.call('POST', `/api/v1/graphs/${ids.graph}/runs`, {
      token,
      json: { inputs: { photo } },
    })
    expect(saved.status).toBe(404)
    const json = { name: 'f', items: [{ name: 'a', key: photo.key }] }
    expect((await studio.call('POST', '/api/v1/collections', { token, json })).status).toBe(422)
    const put = { revision: 1, name: 'stolen' }
    expect((await studio.call('PUT', `/api/v1/graphs/${ids.graph}`, { token, json: put })).status).toBe(404)
  }
})

test('what is shown to the department is seen by a colleague and not by a stranger, and changed by neither', async () => {
  await studio.db.image.update({ where: { id: ids.image }, data: { visibility: 'department' } })
  const put = { revision: 1, visibility: 'department' }
  expect((await studio.call('PUT', `/api/v1/graphs/${ids.graph}`, { token: mine, json: put })).status).toBe(
    200,
  )
  for (const path of [
    `/api/v1/images/${ids.image}`,
    `/api/v1/graphs/${ids.graph}`,
    `/api/v1/artifacts/${photo.key}`,
  ]) {
    expect((await studio.call('GET', path, { token: colleague })).status, path).toBe(200)
    expect((await studio.call('GET', path, { token: stranger })).status, path).toBe(404)
  }
  expect((await studio.call('DELETE', `/api/v1/images/${ids.image}`, { token: colleague })).status).toBe(404)
  expect((await studio.call('DELETE', `/api/v1/graphs/${ids.graph}`, { token: colleague })).status).toBe(404)
})

test('a department administrator gives tokens of the own department to its own members only', async () => {
  const outsider = await studio.db.member.findFirstOrThrow({ where: { loginId: 'owner' } })
  const answer = await studio.call('POST', '/api/v1/tokens/distribute', {
    token: stranger,
    json: { memberId: outsider.id, amount: 1 },
  })
  expect(answer.status).toBe(404)
  const own = await studio.db.member.findFirstOrThrow({ where: { loginId: 'stranger' } })
  const poor = await studio.call('POST', '/api/v1/tokens/distribute', {
    token: stranger,
    json: { memberId: own.id, amount: 1 },
  })
  expect(poor.status).toBe(402)
  expect(
    (await studio.call('POST', '/api/v1/tokens/issue', { token: stranger, json: { amount: 5 } })).status,
  ).toBe(403)
  for (const [method, path] of [
    ['GET', '/api/v1/worker-tokens'],
    ['POST', '/api/v1/worker-tokens'],
  ] as const)
    expect(
      (
        await studio.call(method, path, {
          token: stranger,
          ...(method === 'POST' ? { json: { name: 'x' } } : {}),
        })
      ).status,
    ).toBe(403)
})

test('nothing but the public routes answers without a token', async () => {
  for (const route of routes.filter(({ auth }) => auth !== 'public')) {
    const path = route.path.replace(':id', ids.run).replace(':key', photo.key)
    const answer = await studio.call(route.method.toUpperCase(), `/api/v1${path}`)
    expect(answer.status, `${route.method} ${path}`).toBe(401)
  }
})

test('a worker token opens no member route, and a member no worker route', async () => {
  for (const route of routes.filter(({ auth }) => auth !== 'public')) {
    const path = route.path.replace(':id', ids.run).replace(':key', photo.key)
    const token = route.auth === 'worker' ? mine : workerToken
    const answer = await studio.call(route.method.toUpperCase(), `/api/v1${path}`, { token })
    expect(answer.status, `${route.method} ${path}`).toBe(401)
  }
  expect(
    (await studio.call('GET', `/api/v1/artifacts/${photo.key}/content`, { token: workerToken })).status,
  ).toBe(401)
})

test('a worker fetches artifacts, stores results by their hash, and nothing under another', async () => {
  const path = (key: string) => `/api/v1/worker/artifacts/${key}`
  expect((await studio.call('HEAD', path(photo.key), { token: workerToken })).status).toBe(200)
  expect((await studio.call('GET', path('d'.repeat(64)), { token: workerToken })).status).toBe(404)
  const bytes = Uint8Array.from(await picture(77, 50, 40))
  const key = createHash('sha256').update(bytes).digest('hex')
  const put = (to: string, body: Uint8Array<ArrayBuffer>, type = 'image/png') =>
    studio.call('PUT', path(to), { token: workerToken, body, headers: { 'content-type': type } })
  expect((await put('c'.repeat(64), bytes)).status).toBe(422)
  expect((await put(key, bytes)).status).toBe(201)
  expect((await put(key, bytes)).status).toBe(201)
  expect(await studio.db.artifact.findUnique({ where: { key } })).toMatchObject({ width: 50, height: 40 })
  const text = Uint8Array.from(Buffer.from('no picture'))
  const textKey = createHash('sha256').update(text).digest('hex')
  expect((await put(textKey, text)).status).toBe(422)
  expect(await studio.artifacts.has(textKey)).toBe(false)
})

test('a server belongs to the token it joined with, until that is revoked', async () => {
  const about = {
    serverId: 'gpu-1',
    name: 'One',
    provider: 'cpu',
    device: 'x',
    memoryMb: 10,
    version: '1',
    models: [],
  }
  const register = (token: string) => studio.call('POST', '/api/v1/worker/register', { token, json: about })
  const loaded = [{ id: 'starter', bytes: 17_000_000, inUse: 1 }]
  const beat = (token: string) =>
    studio.call('POST', '/api/v1/worker/beat', { token, json: { serverId: 'gpu-1', loaded } })
  const other = (await studio.call('POST', '/api/v1/worker-tokens', { token: mine, json: { name: 'other' } }))
    .body
  expect((await register(workerToken)).status).toBe(200)
  const shown = async () => (await studio.call('GET', '/api/v1/servers', { token: mine })).body.items
  expect(await shown()).toMatchObject([{ id: 'gpu-1', loaded: [] }])
  expect((await beat(workerToken)).status).toBe(204)
  expect(await shown()).toMatchObject([{ id: 'gpu-1', loaded }])
  expect((await beat(other.token)).status).toBe(404)
  expect((await register(other.token)).status).toBe(409)
  const [first] = (await studio.call('GET', '/api/v1/worker-tokens', { token: mine })).body.items.filter(
    (item) => item.name === 'host',
  )
  await studio.call('DELETE', `/api/v1/worker-tokens/${first?.id}`, { token: mine })
  expect((await beat(workerToken)).status).toBe(401)
  expect((await studio.call('GET', '/api/v1/servers', { token: mine })).body.items).toEqual([])
  expect((await register(other.token)).status).toBe(200)
})
