/** The life of a sign-in, and everything that must not become one. */
import { hash } from '@node-rs/argon2'
import jwt from 'jsonwebtoken'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { signingKey } from '../auth/signing-keys.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const cookieOf = (answer: { headers: Headers }) => answer.headers.get('set-cookie')?.split(';')[0] ?? ''
const refresh = (cookie: string, headers: Record<string, string> = {}) =>
  studio.call('POST', '/api/v1/auth/refresh', { headers: { cookie, ...headers } })
const me = (accessToken: string) => studio.call('GET', '/api/v1/auth/me', { token: accessToken })

test('a sign-in gives an access token for an hour and a cookie out of reach of scripts', async () => {
  const answer = await studio.signIn(' Owner ', owner.password)
  expect(answer.status).toBe(200)
  expect(answer.body.member).toMatchObject({ loginId: 'owner', role: 'super_admin', name: owner.name })
  expect(JSON.stringify(answer.body)).not.toMatch(/hash|argon/i)
  const minutes = (Date.parse(answer.body.expiresAt) - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(59)
  expect(minutes).toBeLessThanOrEqual(60)
  const cookie = answer.headers.get('set-cookie') ?? ''
  expect(cookie).toContain('HttpOnly')
  expect(cookie).toContain('SameSite=Strict')
  expect(cookie).toContain('Path=/api/v1/auth')
  expect(cookie).not.toContain('Secure')
  expect((await me(answer.body.accessToken)).body.loginId).toBe('owner')
})

test('an unknown login id and a wrong password are answered alike', async () => {
  const unknown = await studio.signIn('nobody', 'something else')
  const wrong = await studio.signIn('owner', 'something else')
  for (const answer of [unknown, wrong]) {
    expect(answer.status).toBe(401)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  }
  const { requestId: _one, ...first } = unknown.body
  const { requestId: _two, ...second } = wrong.body
  expect(first).toEqual(second)
})

test('a refresh rotates the cookie, and using an old one ends the session', async () => {
  const signedIn = await studio.signIn('owner', owner.password)
  const first = cookieOf(signedIn)
  const renewed = await refresh(first)
  expect(renewed.status).toBe(200)
  const second = cookieOf(renewed)
  expect(second).not.toBe(first)
  expect((await me(renewed.body.accessToken)).status).toBe(200)

  expect((await refresh(first)).status).toBe(401)
  expect((await refresh(second)).status).toBe(401)
  expect((await me(renewed.body.accessToken)).status).toBe(401)
  expect((await me(token)).status).toBe(200)
})

test('of two refreshes with one cookie at once, one counts as theft, and the session is over', async () => {
  const cookie = cookieOf(await studio.signIn('owner', owner.password))
  const answers = await Promise.all([refresh(cookie), refresh(cookie)])
  expect(answers.filter((answer) => answer.status === 200).length).toBeLessThanOrEqual(1)
  for (const answer of answers) {
    expect((await refresh(cookieOf(answer) || cookie)).status).toBe(401)
    if (answer.status === 200) expect((await me(answer.body.accessToken)).status).toBe(401)
  }
})

test('a made-up refresh token does not end anybody’s session', async () => {
  const signedIn = await studio.signIn('owner', owner.password)
  const cookie = cookieOf(signedIn)
  const [sessionId] = cookie.replace('refresh_token=', '').split('.')
  expect((await refresh(`refresh_token=${sessionId}.abc.def`)).status).toBe(401)
  expect((await me(signedIn.body.accessToken)).status).toBe(200)
})

test('signing out ends the session and its access token', async () => {
  const signedIn = await studio.signIn('owner', owner.password)
  const cookie = cookieOf(signedIn)
  const answer = await studio.call('POST', '/api/v1/auth/logout', { headers: { cookie } })
  expect(answer.status).toBe(204)
  expect((await me(signedIn.body.accessToken)).status).toBe(401)
  expect((await refresh(cookie)).status).toBe(401)
})

test('pages of other sites can neither refresh nor sign out nor sign in', async () => {
  const cookie = cookieOf(await studio.signIn('owner', owner.password))
  for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }]) {
    expect((await refresh(cookie, headers)).body.code).toBe('cross-site')
    const out = await studio.call('POST', '/api/v1/auth/logout', { headers: { cookie, ...headers } })
    expect(out.status).toBe(403)
    const login = await studio.call('POST', '/api/v1/auth/login', { json: owner, headers })
    expect(login.status).toBe(403)
  }
  expect((await refresh(cookie, { origin: studio.url, 'sec-fetch-site': 'same-origin' })).status).toBe(200)
})

test('after five wrong passwords even the right one has to wait, for this login id only', async () => {
  await studio.signInMember('clumsy')
  for (let attempt = 1; attempt <= 5; attempt++)
    expect((await studio.signIn('clumsy', 'wrong')).status).toBe(401)
  const answer = await studio.signIn('clumsy', 'password of a member')
  expect(answer.status).toBe(429)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await studio.signIn('owner', owner.password)).status).toBe(200)
})

test('tokens that are forged, unsigned, expired or made for another purpose open nothing', async () => {
  const claims = jwt.decode(token, { json: true }) ?? {}
  const key = signingKey(studio.config.signingSecret, 'access-token')
  const { exp: _exp, ...rest } = claims
  const forged = [
    jwt.sign(claims, 'another key of some length'),
    jwt.sign(claims, signingKey(studio.config.signingSecret, 'artifact-link')),
    jwt.sign({ ...rest, exp: Math.floor(Date.now() / 1000) - 1 }, key),
    jwt.sign(claims, key, { algorithm: 'HS512' }),
    jwt.sign(claims, null, { algorithm: 'none' }),
    jwt.sign({ ...claims, iss: 'somebody else' }, key),
    'rubbish',
    'dsk_rubbish',
  ]
  for (const one of forged) expect((await me(one)).status).toBe(401)
  expect((await me(jwt.sign(claims, key))).status).toBe(200)
})

test('a disabled member is out at once, by password, token, cookie and key', async () => {
  const theirs = await studio.signInMember('leaver')
  const key = (await studio.call('POST', '/api/v1/api-keys', { token: theirs, json: { name: 'k' } })).body.key
  const cookie = cookieOf(await studio.signIn('leaver', 'password of a member'))
  expect((await me(key)).status).toBe(200)
  await studio.db.member.update({ where: { loginId: 'leaver' }, data: { disabledAt: new Date() } })
  expect((await me(theirs)).status).toBe(401)
  expect((await me(key)).status).toBe(401)
  expect((await refresh(cookie)).status).toBe(401)
  expect((await studio.signIn('leaver', 'password of a member')).status).toBe(401)
})

test('an API key works until it is revoked, and is kept only as a hash', async () => {
  const made = await studio.call('POST', '/api/v1/api-keys', { token, json: { name: 'laptop' } })
  expect(made.status).toBe(201)
  expect(made.body.key).toMatch(/^dsk_/)
  expect((await me(made.body.key)).body.loginId).toBe('owner')
  const listed = await studio.call('GET', '/api/v1/api-keys', { token: made.body.key })
  expect(JSON.stringify(listed.body)).not.toContain(made.body.key)
  expect(JSON.stringify(await studio.db.apiKey.findMany())).not.toContain(made.body.key)
  expect((await studio.call('DELETE', `/api/v1/api-keys/${made.body.id}`, { token })).status).toBe(204)
  expect((await me(made.body.key)).status).toBe(401)
})

test('an API key cannot be revoked by another member', async () => {
  const made = await studio.call('POST', '/api/v1/api-keys', { token, json: { name: 'mine' } })
  const stranger = await studio.signInMember('stranger')
  expect((await studio.call('DELETE', `/api/v1/api-keys/${made.body.id}`, { token: stranger })).status).toBe(
    404,
  )
  expect((await me(made.body.key)).status).toBe(200)
})

test('a password that was hashed with weaker parameters is hashed anew when it is shown', async () => {
  await studio.signInMember('long-here')
  const weak = await hash('an old password', { memoryCost: 4_096, timeCost: 1, parallelism: 1 })
  const kept = async () =>
    (await studio.db.member.findUniqueOrThrow({ where: { loginId: 'long-here' } })).passwordHash
  await studio.db.member.update({ where: { loginId: 'long-here' }, data: { passwordHash: weak } })
  expect((await studio.signIn('long-here', 'not it')).status).toBe(401)
  expect(await kept()).toBe(weak)
  expect((await studio.signIn('long-here', 'an old password')).status).toBe(200)
  expect(await kept()).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  expect((await studio.signIn('long-here', 'an old password')).status).toBe(200)
})
