/** Whatever comes in, what goes out is a problem with a status: never a stack trace, never silence. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase } from '../scripts/testing/test-database.ts'
import { type CuttableLine, layLine } from './cuttable-line.fixtures.ts'
import { startTestStudio, type TestStudio } from './studio.fixtures.ts'

let studio: TestStudio
let database: CuttableLine
let token: string
beforeAll(async () => {
  const address = new URL(await createTestDatabase())
  database = await layLine(address.hostname, Number(address.port))
  address.port = String(database.port)
  studio = await startTestStudio({ databaseUrl: address.href })
  token = await studio.signInOwner()
})
afterAll(async () => {
  await studio.close()
  database.cut()
  database.close()
})

const send = (body: string | Buffer, headers: Record<string, string> = {}) =>
  studio.call('POST', '/api/v1/graphs', {
    token,
    body: typeof body === 'string' ? body : Uint8Array.from(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

test.each([
  ['broken JSON', () => send('{"name": '), 400, 'malformed-request'],
  ['a body that is too large', () => send(JSON.stringify({ name: 'x'.repeat(5_000_000) })), 413, 'too-large'],
  [
    'a form instead of JSON',
    () => send('a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
    415,
    'unsupported-media',
  ],
  ['an unknown encoding', () => send('{}', { 'content-encoding': 'rot13' }), 415, 'unsupported-media'],
  ['JSON of another shape', () => send('[1]'), 422, 'invalid-request'],
  ['an unknown route', () => studio.call('GET', '/api/v1/nothing/here'), 404, 'not-found'],
  [
    'an id that is none',
    () => studio.call('GET', '/api/v1/runs/1%27%20OR%201=1', { token }),
    422,
    'invalid-request',
  ],
  [
    'a broken address',
    () => studio.call('GET', '/api/v1/runs/%E0%A4%A', { token }),
    400,
    'malformed-request',
  ],
  [
    'a cursor that is none',
    () => studio.call('GET', '/api/v1/runs?cursor=x', { token }),
    422,
    'invalid-request',
  ],
])('%s is answered with a problem', async (_what, ask, status, code) => {
  const answer = await ask()
  expect([answer.status, answer.body.code]).toEqual([status, code])
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  expect(answer.headers.get('x-request-id')).toBe(answer.body.requestId)
  expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts:|at .*\(/)
})

test('pages may load nothing from elsewhere, and nobody may frame them', async () => {
  const policy = (await studio.call('GET', '/api/v1/setup')).headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'self'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain("img-src 'self' blob: data:")
})

test('while the database is away requests are refused with 503, and served again when it is back', async () => {
  database.cut()
  const answers = await Promise.all(
    ['/api/v1/auth/me', '/api/v1/runs', '/api/v1/setup', '/api/v1/tokens/balance'].map((path) =>
      studio.call('GET', path, { token }),
    ),
  )
  for (const answer of answers)
    expect([answer.status, answer.body.code]).toEqual([503, 'database-unavailable'])
  const health = await studio.call('GET', '/api/v1/health')
  expect(health.status).toBe(503)
  expect(health.body.components.find(({ name }) => name === 'database')).toMatchObject({ state: 'down' })
  database.mend()
  await expect
    .poll(async () => (await studio.call('GET', '/api/v1/auth/me', { token })).status, { timeout: 20_000 })
    .toBe(200)
  const after = await studio.call('GET', '/api/v1/health')
  expect(after.body.components.find(({ name }) => name === 'database')).toMatchObject({ state: 'up' })
})

test('without workers the studio says so, and that it is not ready', async () => {
  const { status, body } = await studio.call('GET', '/api/v1/health')
  expect(status).toBe(503)
  expect(body.components.map(({ name }) => name)).toEqual([
    'database',
    'temporal',
    'preparation',
    'artifacts',
    'graph worker',
    'io worker',
    'gpu worker',
  ])
  expect(body.components.find(({ name }) => name === 'temporal')?.state).toBe('up')
})
