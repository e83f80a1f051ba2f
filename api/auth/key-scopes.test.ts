/** A key opens what its scopes name and nothing else, of its graphs alone, until it expires. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../routes/index.ts'
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'
import { refuseKey } from './key-scopes.ts'

let studio: TestStudio
let token: string
let graphs: string[]
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  const make = async (name: string) =>
    (await studio.call('POST', '/api/v1/graphs', { token, json: { name, graph: promptGraph } })).body.id
  graphs = [await make('one'), await make('two')]
})
afterAll(() => studio.close())

async function makeKey(limits: object): Promise<string> {
  const json = { name: 'k', ...limits }
  const answer = await studio.call('POST', '/api/v1/api-keys', { token, json })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body.key
}
const status = async (key: string, method: string, path: string, json?: object) =>
  (await studio.call(method, path, { token: key, ...(json ? { json } : {}) })).status
const run = (key: string, graphId: string) => status(key, 'POST', `/api/v1/graphs/${graphId}/runs`, {})

test('a key for reading runs reads runs, and does nothing else', async () => {
  const key = await makeKey({ scopes: ['runs:read'] })
  expect(await status(key, 'GET', '/api/v1/runs')).toBe(200)
  expect(await status(key, 'GET', '/api/v1/auth/me')).toBe(200)
  for (const [method, path, json] of [
    ['POST', `/api/v1/graphs/${graphs[0]}/runs`, {}],
    ['POST', '/api/v1/runs/cancel', {}],
    ['GET', '/api/v1/graphs'],
    ['GET', '/api/v1/tokens/balance'],
    ['GET', '/api/v1/api-keys'],
    ['POST', '/api/v1/api-keys', { name: 'more' }],
    ['GET', '/api/v1/images'],
    ['POST', `/api/v1/graphs/${graphs[0]}/hooks`, { name: 'h' }],
  ] as const)
    expect(await status(key, method, path, json), `${method} ${path}`).toBe(403)
})

test('a route that no scope names is closed to every key with scopes but "everything"', () => {
  const limits = { graphIds: [], expiresAt: null }
  const unnamed = { method: 'get', tag: 'something-new' }
  for (const scope of ['runs:write', 'graphs:write', 'artifacts', 'tokens:read'])
    expect(refuseKey({ ...limits, scopes: [scope] }, unnamed)).toContain('everything')
  expect(refuseKey({ ...limits, scopes: ['everything'] }, unnamed)).toBeNull()
  expect(refuseKey({ ...limits, scopes: [] }, unnamed)).toBeNull()
  const opened = routes.filter((route) => refuseKey({ ...limits, scopes: ['runs:write'] }, route) === null)
  expect(opened.every(({ tag, scope }) => tag === 'runs' || scope === 'any')).toBe(true)
})

test('a key that is bound to a graph runs and sees that one alone', async () => {
  const [mine = '', other = ''] = graphs
  const key = await makeKey({ graphIds: [mine] })
  const foreign = (await studio.call('POST', `/api/v1/graphs/${other}/runs`, { token, json: {} })).body
  expect(await run(key, mine)).toBe(201)
  expect(await run(key, other)).toBe(404)
  expect(await status(key, 'POST', '/api/v1/runs', { graph: promptGraph })).toBe(403)
  expect(await run(key, mine)).toBe(201)
  expect(await status(key, 'GET', `/api/v1/graphs/${other}`)).toBe(404)
  expect(await status(key, 'GET', `/api/v1/runs/${foreign.id}`)).toBe(404)
  expect(await status(key, 'POST', `/api/v1/runs/${foreign.id}/cancel`)).toBe(404)
  expect(await status(key, 'POST', `/api/v1/runs/${foreign.id}/retry`, {})).toBe(404)
  const listed = await studio.call('GET', '/api/v1/runs', { token: key })
  expect(listed.body.items).toHaveLength(2)
  expect(await status(key, 'POST', '/api/v1/graphs', { name: 'new', graph: promptGraph })).toBe(403)
  expect(await status(key, 'GET', '/api/v1/tokens/balance')).toBe(403)
  const stranger = await studio.signInMember('key-stranger')
  const json = { name: 'k', graphIds: [mine] }
  expect((await studio.call('POST', '/api/v1/api-keys', { token: stranger, json })).status).toBe(404)
})

test('an expired key is told so', async () => {
  const soon = new Date(Date.now() + 60_000).toISOString()
  const key = await makeKey({ expiresAt: soon })
  expect(await status(key, 'GET', '/api/v1/runs')).toBe(200)
  await studio.db.apiKey.updateMany({ where: { expiresAt: { not: null } }, data: { expiresAt: new Date(0) } })
  const answer = await studio.call('GET', '/api/v1/runs', { token: key })
  expect(answer.status).toBe(401)
  expect(answer.body.detail).toContain('expired at 1970-01-01')
  const past = { name: 'k', expiresAt: new Date(0).toISOString() }
  expect((await studio.call('POST', '/api/v1/api-keys', { token, json: past })).status).toBe(422)
  const listed = await studio.call('GET', '/api/v1/api-keys', { token })
  expect(listed.body.items.some(({ expiresAt }) => expiresAt === '1970-01-01T00:00:00.000Z')).toBe(true)
})

test('a key with limits makes no key without them', async () => {
  const key = await makeKey({ expiresAt: new Date(Date.now() + 60_000).toISOString() })
  expect(await status(key, 'POST', '/api/v1/api-keys', { name: 'for ever' })).toBe(403)
  const whole = await makeKey({ scopes: ['everything'] })
  expect(await status(whole, 'POST', '/api/v1/api-keys', { name: 'more' })).toBe(201)
})
