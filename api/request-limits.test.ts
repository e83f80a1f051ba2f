/** Whoever asks too often is told so, with the headers that say how much is left. */
import express from 'express'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { errorMiddleware } from './error-middleware.ts'
import { createLimits } from './request-limits.ts'

/** A server that knows every caller by a header: `key one`, `member one`; without it nobody is known. */
async function serve(requestsPerMinute: { key: number; member: number }) {
  const limits = createLimits({ signInsPerMinute: 2, requestsPerMinute })
  const app = express()
  app.use((request, response, next) => {
    request.log = console as never
    const [kind, id] = (request.get('x-caller') ?? '').split(' ')
    if (kind) response.locals['caller'] = { memberId: id, key: kind === 'key' ? { id } : null }
    next()
  })
  app.get('/secrets', limits.secrets, (_request, response) => void response.end())
  app.get('/', limits.callers, (_request, response) => void response.end())
  app.use(errorMiddleware())
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const ask = (caller: string | null, path = '/') =>
    fetch(`http://127.0.0.1:${port}${path}`, caller === null ? {} : { headers: { 'x-caller': caller } })
  return { ask, close: () => server.close() }
}

test('a key and a member each have their own limit, and standard headers say what is left', async () => {
  const { ask, close } = await serve({ key: 2, member: 3 })
  const first = await ask('key one')
  expect(first.headers.get('ratelimit-policy')).toMatch(/"key"; q=2; w=60/)
  expect(first.headers.get('ratelimit')).toMatch(/"key"; r=1; t=\d+/)
  expect((await ask('key one')).status).toBe(200)
  const refused = await ask('key one')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('content-type')).toContain('application/problem+json')
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await refused.json()).toMatchObject({ code: 'too-many-requests', status: 429 })
  expect((await ask('key two')).status).toBe(200)
  for (let asked = 0; asked < 3; asked++) expect((await ask('member one')).status).toBe(200)
  expect((await ask('member one')).status).toBe(429)
  close()
})

test('guesses are counted by address, 0 takes a limit away, and workers have none', async () => {
  const { ask, close } = await serve({ key: 0, member: 1 })
  for (let asked = 0; asked < 5; asked++) expect((await ask('key one')).status).toBe(200)
  for (let asked = 0; asked < 5; asked++) expect((await ask(null)).status).toBe(200)
  expect([(await ask(null, '/secrets')).status, (await ask('key one', '/secrets')).status]).toEqual([
    200, 200,
  ])
  const refused = await ask('key two', '/secrets')
  expect(await refused.json()).toMatchObject({ code: 'too-many-attempts', status: 429 })
  close()
})
