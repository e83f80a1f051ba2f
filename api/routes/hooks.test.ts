/** Another system starts a graph: with the secret, once for each message, for whoever made the hook. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sign } from '../hooks/verify-message.ts'
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

interface Hook {
  id: string
  path: string
  secret: string
  runId: string
  code: string
  problems: { field: string }[]
  items: Hook[]
  lastUsedAt: string | null
}

let studio: TestStudio
let token: string
let graphId: string
let hook: Hook
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  const json = { name: 'g', graph: promptGraph }
  graphId = (await studio.call('POST', '/api/v1/graphs', { token, json })).body.id
  hook = await makeHook({ prompt: 'defect.texts.0.words' })
})
afterAll(() => studio.close())

async function makeHook(mapping: Record<string, string>): Promise<Hook> {
  const json = { name: 'line 3', mapping }
  const answer = await studio.call<Hook>('POST', `/api/v1/graphs/${graphId}/hooks`, { token, json })
  expect(answer.status).toBe(201)
  return answer.body
}

const message = { defect: { texts: [{ words: 'a dent' }] } }

function signed(
  body: string,
  { id = randomUUID(), seconds = Date.now() / 1000, secret = hook.secret, over = body } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(seconds))
  const signature = sign({ id, timestamp, body: Buffer.from(over) }, secret).toString('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

const send = (body: string, headers: Record<string, string>, path = hook.path) =>
  studio.call<Hook>('POST', path, { body, headers: { 'content-type': 'application/json', ...headers } })

test('a signed message runs the graph with what the mapping takes from it, once for each webhook-id', async () => {
  const body = JSON.stringify(message)
  const headers = signed(body)
  const answers = await Promise.all([send(body, headers), send(body, headers), send(body, headers)])
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202])
  const [id] = new Set(answers.map(({ body: { runId } }) => runId))
  const row = await studio.db.run.findUniqueOrThrow({ where: { id: id ?? '' } })
  expect(JSON.stringify(row.plan)).toContain('a dent')
  expect(row.trigger).toBe('webhook')
  expect(await studio.db.run.count({ where: { trigger: 'webhook' } })).toBe(1)
  const [listed] = (await studio.call<Hook>('GET', `/api/v1/graphs/${graphId}/hooks`, { token })).body.items
  expect(listed?.lastUsedAt).toBeTruthy()
  expect(JSON.stringify(listed)).not.toContain(hook.secret)
})

test('the secret as a bearer token is as good as a signature', async () => {
  const body = JSON.stringify(message)
  expect((await send(body, { authorization: `Bearer ${hook.secret}` })).status).toBe(202)
  expect((await send(body, { authorization: `Bearer ${hook.secret}x` })).status).toBe(401)
})

test('what is not signed, signed for something else, or old starts nothing', async () => {
  const body = JSON.stringify(message)
  const runs = await studio.db.run.count()
  const now = Date.now() / 1000
  for (const headers of [
    {},
    signed(body, { over: `${body} ` }),
    signed(body, { secret: `whsec_${Buffer.from('x'.repeat(32)).toString('base64')}` }),
    signed(body, { seconds: now - 301 }),
    signed(body, { seconds: now + 330 }),
    { ...signed(body), 'webhook-id': 'another' },
    { ...signed(body), 'webhook-signature': 'v1,AAAA v2,BBBB nonsense' },
  ])
    expect((await send(body, headers)).status, JSON.stringify(headers)).toBe(401)
  expect((await send(body, signed(body), `/api/v1/hooks/${randomUUID()}`)).status).toBe(401)
  expect(await studio.db.run.count()).toBe(runs)
})

test('a body that lacks a value, is no JSON, or has more than 1 MB is refused in words', async () => {
  const lacking = JSON.stringify({ defect: { texts: [] } })
  const answer = await send(lacking, signed(lacking))
  expect([answer.status, answer.body.problems[0]?.field]).toEqual([422, 'defect.texts.0.words'])
  expect((await send('{', signed('{'))).status).toBe(400)
  const large = JSON.stringify({ ...message, filler: 'x'.repeat(1024 * 1024) })
  expect((await send(large, signed(large))).status).toBe(413)
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`
  expect((await send(deep, signed(deep))).status).toBe(422)
})

test('a new secret ends the old one, and a revoked hook is no more', async () => {
  const one = await makeHook({})
  const at = `/api/v1/hooks/${one.id}`
  const bearer = (secret: string) => send('{}', { authorization: `Bearer ${secret}` }, one.path)
  const { secret } = (await studio.call<Hook>('POST', `${at}/rotate`, { token })).body
  expect([(await bearer(one.secret)).status, (await bearer(secret)).status]).toEqual([401, 202])
  const stranger = await studio.signInMember('hook-stranger')
  expect((await studio.call('DELETE', at, { token: stranger })).status).toBe(404)
  expect((await studio.call('POST', `${at}/rotate`, { token: stranger })).status).toBe(404)
  expect((await studio.call('DELETE', at, { token })).status).toBe(204)
  expect((await bearer(secret)).status).toBe(401)
})

test('when whoever made it may no longer use the studio, a hook starts nothing', async () => {
  const maker = await studio.signInMember('hook-maker')
  const json = { name: 'g', graph: promptGraph }
  const graph = (await studio.call('POST', '/api/v1/graphs', { token: maker, json })).body
  const made = await studio.call<Hook>('POST', `/api/v1/graphs/${graph.id}/hooks`, {
    token: maker,
    json: { name: 'h' },
  })
  const { path, secret } = made.body
  await studio.db.member.update({ where: { loginId: 'hook-maker' }, data: { disabledAt: new Date() } })
  const answer = await send('{}', { authorization: `Bearer ${secret}` }, path)
  expect([answer.status, answer.body.code]).toEqual([403, 'not-allowed'])
})

test('a flood of messages is slowed down', async () => {
  const flooded = await makeHook({})
  const statuses: number[] = []
  for (let count = 0; count < 125; count++) statuses.push((await send('{}', {}, flooded.path)).status)
  expect(statuses.at(-1)).toBe(429)
  expect((await send(JSON.stringify(message), signed(JSON.stringify(message)))).status).toBe(202)
})
