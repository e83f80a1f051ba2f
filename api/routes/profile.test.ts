/** What members do with their own account, what ends with it, and what it asks before. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeFor, lastMail } from '../accounts/mails.fixtures.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let ownerToken: string
beforeAll(async () => {
  studio = await startTestStudio()
  ownerToken = await studio.signInOwner()
})
afterAll(() => studio.close())

const password = 'password of a member'
const call = (token: string, method: string, path: string, json?: object) =>
  studio.call(method, `/api/v1${path}`, { token, ...(json ? { json } : {}) })
const me = async (token: string) => (await call(token, 'GET', '/auth/me')).status
const again = async (loginId: string) => (await studio.signIn(loginId, password)).body.accessToken

test('name, nickname and language change; a name that is none does not', async () => {
  const token = await studio.signInMember('changer')
  const changed = await call(token, 'PUT', '/profile', { nickname: '  새 이름 ', language: 'ko' })
  expect(changed.body).toMatchObject({
    name: 'changer',
    nickname: '새 이름',
    language: 'ko',
    hasPassword: true,
  })
  for (const json of [{ name: '' }, { nickname: 'x\u202Ey' }, { language: 'de' }])
    expect((await call(token, 'PUT', '/profile', json)).status).toBe(422)
})

test('a new password needs the current one, ends the other sessions, and leaves this one', async () => {
  const token = await studio.signInMember('careful')
  const other = await again('careful')
  const wrong = await call(token, 'PUT', '/profile/password', {
    currentPassword: 'not it',
    password: 'quite another one',
  })
  expect([wrong.status, wrong.body.code]).toEqual([403, 'wrong-password'])
  const json = { currentPassword: password, password: 'quite another one' }
  expect((await call(token, 'PUT', '/profile/password', json)).status).toBe(204)
  expect([await me(token), await me(other)]).toEqual([200, 401])
  expect((await studio.signIn('careful', password)).status).toBe(401)
  expect((await studio.signIn('careful', 'quite another one')).status).toBe(200)
  expect((await lastMail(studio, 'careful@example.com', 'password-changed-')).subject).toContain('password')
})

test('guessing the current password in a stolen session has to wait after five tries', async () => {
  const token = await studio.signInMember('stolen')
  const json = { currentPassword: 'guess', password: 'quite another one' }
  for (let turn = 0; turn < 5; turn++)
    expect((await call(token, 'PUT', '/profile/password', json)).status).toBe(403)
  const answer = await call(token, 'POST', '/profile/delete', { currentPassword: password })
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test('a new address counts once its code is shown, and the old one is told', async () => {
  const token = await studio.signInMember('mover')
  const json = { email: 'Moved@example.com', currentPassword: password }
  expect((await call(token, 'POST', '/profile/email', json)).status).toBe(204)
  expect((await call(token, 'GET', '/profile')).body).toMatchObject({ email: 'mover@example.com' })
  const code = await codeFor(studio, 'moved@example.com')
  const stranger = await studio.signInMember('stranger')
  expect((await call(stranger, 'POST', '/profile/email/verify', { code })).status).toBe(403)
  expect((await call(token, 'POST', '/profile/email/verify', { code })).status).toBe(204)
  expect((await call(token, 'GET', '/profile')).body).toMatchObject({ email: 'moved@example.com' })
  expect((await lastMail(studio, 'mover@example.com', 'email-changed-')).text).toContain('moved@example.com')
  expect((await call(token, 'POST', '/profile/email/verify', { code })).status).toBe(403)
})

test('an address of somebody else is answered alike, and is never taken over', async () => {
  const token = await studio.signInMember('taker')
  const json = { email: owner.email, currentPassword: password }
  expect((await call(token, 'POST', '/profile/email', json)).status).toBe(204)
  expect((await lastMail(studio, owner.email, 'code-')).text).not.toMatch(/[0-9A-Z]{4}-[0-9A-Z]{4}/)
  expect((await call(token, 'POST', '/profile/email/verify', { code: 'AAAA-AAAA' })).status).toBe(403)
})

test('who leaves leaves the work behind, and no name, address or way in', async () => {
  const token = await studio.signInMember('leaver')
  const key = (await call(token, 'POST', '/api-keys', { name: 'k' })).body.key
  const graph = await call(token, 'POST', '/graphs', {
    name: 'stays',
    graph: { formatVersion: 2, nodes: [], edges: [] },
  })
  expect((await call(token, 'POST', '/profile/delete', { currentPassword: 'no' })).status).toBe(403)
  const gone = await call(token, 'POST', '/profile/delete', { currentPassword: password })
  expect(gone.status).toBe(204)
  expect(gone.headers.get('set-cookie')).toContain('refresh_token=;')
  expect([await me(token), await me(key)]).toEqual([401, 401])
  expect((await studio.signIn('leaver', password)).status).toBe(401)
  const kept = await studio.db.graph.findUniqueOrThrow({
    where: { id: graph.body.id },
    include: { owner: true },
  })
  expect(kept.owner).toMatchObject({ name: 'Deleted member', passwordHash: null })
  expect(JSON.stringify(kept.owner)).not.toMatch(/leaver/)
  // The login id and the address are free again.
  expect(await studio.signInMember('leaver')).toBeTruthy()
})

test('the last super admin stays, also when two leave at once', async () => {
  const alone = await call(ownerToken, 'POST', '/profile/delete', { currentPassword: owner.password })
  expect([alone.status, alone.body.code]).toEqual([409, 'last-super-admin'])
  const second = await studio.signInMember('second-admin', 'super_admin')
  const answers = await Promise.all([
    call(ownerToken, 'POST', '/profile/delete', { currentPassword: owner.password }),
    call(second, 'POST', '/profile/delete', { currentPassword: password }),
  ])
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
  expect(await studio.db.member.count({ where: { role: 'super_admin', disabledAt: null } })).toBe(1)
})

test('no API key sees or changes the account', async () => {
  const token = await studio.signInMember('keyed')
  const { key } = (await call(token, 'POST', '/api-keys', { name: 'all', scopes: ['everything'] })).body
  for (const [method, path, json] of [
    ['GET', '/profile'],
    ['PUT', '/profile', { name: 'x' }],
    ['PUT', '/profile/password', { currentPassword: password, password: 'quite another one' }],
    ['POST', '/profile/delete', { currentPassword: password }],
    ['GET', '/sessions'],
    ['DELETE', '/sessions'],
    ['POST', '/profile/second-factor', { currentPassword: password }],
  ] as const)
    expect((await call(key, method, path, json)).status, `${method} ${path}`).toBe(403)
})
