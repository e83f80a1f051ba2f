/** Seeing where one is signed in, and ending it: at once, open streams among it. */
import { endSessions } from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { promptGraph } from '../runs/saved-graphs.fixtures.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
beforeAll(async () => {
  studio = await startTestStudio()
  await studio.signInOwner()
})
afterAll(() => studio.close())

const password = 'password of a member'
const list = async (token: string) =>
  (
    await studio.call<{ items: { id: string; isThis: boolean; address: string }[] }>(
      'GET',
      '/api/v1/sessions',
      { token },
    )
  ).body.items
const me = async (token: string) => (await studio.call('GET', '/api/v1/auth/me', { token })).status
const again = async (loginId: string) => (await studio.signIn(loginId, password)).body.accessToken

test('sessions are listed with where they came from, and ended one by one or all others', async () => {
  const first = await studio.signInMember('traveller')
  const [second, third] = [await again('traveller'), await again('traveller')]
  const seen = await list(first)
  expect(seen).toHaveLength(3)
  expect(seen.filter(({ isThis }) => isThis)).toHaveLength(1)
  expect(seen[0]?.address).toMatch(/127\.0\.0\.1/)
  const other = (await list(second)).find(({ isThis }) => isThis)
  expect((await studio.call('DELETE', `/api/v1/sessions/${other?.id}`, { token: first })).status).toBe(204)
  expect([await me(first), await me(second), await me(third)]).toEqual([200, 401, 200])
  expect((await studio.call('DELETE', '/api/v1/sessions', { token: first })).body).toEqual({ ended: 1 })
  expect([await me(first), await me(third)]).toEqual([200, 401])
})

test('nobody sees or ends the sessions of others', async () => {
  const mine = await studio.signInMember('mine')
  const theirs = await studio.signInMember('theirs')
  const [session] = await list(mine)
  expect((await studio.call('DELETE', `/api/v1/sessions/${session?.id}`, { token: theirs })).status).toBe(404)
  expect(await me(mine)).toBe(200)
  expect(await list(theirs)).toHaveLength(1)
})

test('open streams end as soon as their session does', async () => {
  const { accessToken: token } = (await studio.signIn(owner.loginId, owner.password)).body
  const run = await studio.call('POST', '/api/v1/runs', { token, json: { graph: promptGraph } })
  const follow = async (path: string) => {
    const response = await fetch(studio.url + path, { headers: { authorization: `Bearer ${token}` } })
    expect(response.status).toBe(200)
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await reader?.read())?.value).toContain('event:')
    return reader
  }
  const events = await follow('/api/v1/events?topics=tokens')
  const runEvents = await follow(`/api/v1/runs/${run.body.id}/events`)
  const { id } = await studio.db.member.findUniqueOrThrow({ where: { loginId: owner.loginId } })
  await studio.db.$transaction((tx) => endSessions(tx, id))
  expect(await restOf(events)).toContain('signed-out')
  await restOf(runEvents)
})

/** Everything until the other side closes the line. */
async function restOf(reader: ReadableStreamDefaultReader<string> | undefined): Promise<string> {
  let text = ''
  for (;;) {
    const next = await reader?.read()
    if (!next || next.done) return text
    text += next.value
  }
}
