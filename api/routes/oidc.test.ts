/** Signing in by OpenID Connect, against a provider that speaks the real protocol: who comes in, as whom, and who does not. */
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readOidcConfig } from '../auth/oidc-config.ts'
import {
  Browser,
  clientId,
  clientSecret,
  openOidcProvider,
  type People,
} from '../auth/oidc-provider.fixtures.ts'
import { lastMail } from '../accounts/mails.fixtures.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

const people: People = {
  newcomer: {
    ...{ email: 'New.Comer@corp.example', email_verified: true, preferred_username: 'New Comer!' },
    ...{ name: 'Nora\u202E Newcomer', nickname: 'nora' },
  },
  known: { email: 'known@corp.example', email_verified: true, name: 'Known' },
  unverified: { email: owner.email.replace('example.com', 'corp.example'), email_verified: false },
  foreign: { email: 'somebody@elsewhere.example', email_verified: true },
  nobody: { name: 'No address' },
  careful: { email: 'careful@corp.example', email_verified: true },
}

let provider: Awaited<ReturnType<typeof openOidcProvider>>
let studio: TestStudio
beforeAll(async () => {
  provider = await openOidcProvider(people)
  studio = await startTestStudio({
    config: {
      oidc: readOidcConfig({
        OIDC_ISSUER: provider.issuer.href,
        OIDC_CLIENT_ID: clientId,
        OIDC_CLIENT_SECRET: clientSecret,
        OIDC_NAME: 'Corp',
        OIDC_ALLOWED_DOMAINS: 'corp.example',
        OIDC_AUTO_CREATE: true,
      }),
    },
  })
  provider.serve(studio.url)
  await studio.signInOwner()
})
afterAll(async () => {
  await studio.close()
  await provider.close()
})

/** @returns where the studio leads in the end, and who is signed in there. */
async function enter(name: string, browser = new Browser()) {
  const back = await browser.signInElsewhere(studio.url, name)
  const answer = await browser.go(back)
  const cookie = browser.cookies(studio.url).get('refresh_token')
  const session = cookie
    ? await studio.call('POST', '/api/v1/auth/refresh', { headers: { cookie: `refresh_token=${cookie}` } })
    : null
  return { back, browser, to: answer.headers.get('location'), member: session?.body.member, answer }
}

test('somebody new becomes a guest who waits, with a usable name, and is the same one the next time', async () => {
  const first = await enter('newcomer')
  expect(first.to).toBe('/')
  expect(first.member).toMatchObject({ role: 'guest', loginId: 'newcomer', email: 'new.comer@corp.example' })
  // A name that turns the direction of writing is none.
  expect(first.member?.name).toBe('new.comer@corp.example')
  expect((await lastMail(studio, owner.email, 'guest-waits-')).text).toContain('new.comer@corp.example')
  expect((await enter('newcomer')).member?.id).toBe(first.member?.id)
  expect((await studio.signIn('newcomer', '')).status).toBe(422)
  expect((await studio.signIn('newcomer', 'anything')).status).toBe(401)
})

test('cookies: the way there is lax and short, the session strict; both out of reach of scripts', async () => {
  const browser = new Browser()
  const left = await browser.go(`${studio.url}/api/v1/auth/oidc/start`)
  const way = left.headers.getSetCookie().find((text) => text.startsWith('oidc_state='))
  expect(way).toMatch(/HttpOnly/)
  expect(way).toMatch(/SameSite=Lax/)
  expect(way).toContain('Path=/api/v1/auth/oidc')
  const address = new URL(left.headers.get('location') ?? '')
  expect(address.searchParams.get('code_challenge_method')).toBe('S256')
  expect(address.searchParams.get('nonce')).toBeTruthy()
  const { answer } = await enter('newcomer')
  const session = answer.headers.getSetCookie().find((text) => text.startsWith('refresh_token='))
  expect(session).toMatch(/SameSite=Strict/)
})

test('an address that the provider vouches for links the member who has it, and the member is told', async () => {
  await studio.signInMember('known')
  await studio.db.member.update({ where: { loginId: 'known' }, data: { email: 'known@corp.example' } })
  expect((await enter('known')).member).toMatchObject({ loginId: 'known', role: 'department_member' })
  expect((await lastMail(studio, 'known@corp.example', 'identity-linked-')).text).toContain('Corp')
  const mails = { key: { startsWith: 'identity-linked-' } }
  await enter('known')
  expect(await studio.db.outgoingMail.count({ where: mails })).toBe(1)
  expect(await studio.db.auditEntry.count({ where: { action: 'auth.oidc', actorName: 'known' } })).toBe(2)
  await studio.db.member.update({ where: { loginId: 'known' }, data: { disabledAt: new Date() } })
  expect(await enter('known')).toMatchObject({ to: '/#refused=not-allowed', member: undefined })
})

test.each(['unverified', 'foreign', 'nobody'])('sent away: %s', async (name) => {
  await studio.db.member.updateMany({
    where: { loginId: 'owner' },
    data: { email: 'owner@corp.example' },
  })
  const before = await studio.db.member.count()
  expect(await enter(name)).toMatchObject({ to: '/#refused=not-allowed', member: undefined })
  expect(await studio.db.member.count()).toBe(before)
  expect(await studio.db.oidcIdentity.count({ where: { subject: name } })).toBe(0)
})

test('a way back that was not begun here, was used before, or was changed opens nothing', async () => {
  const back = await new Browser().signInElsewhere(studio.url, 'newcomer')
  const stranger = await new Browser().go(back)
  expect(stranger.headers.get('location')).toBe('/#refused=session-ended')
  const used = await enter('newcomer')
  expect((await used.browser.go(used.back)).headers.get('location')).toBe('/#refused=session-ended')
  const browser = new Browser()
  const changed = new URL(await browser.signInElsewhere(studio.url, 'newcomer'))
  changed.searchParams.set('state', 'another')
  expect((await browser.go(changed.href)).headers.get('location')).toBe('/#refused=wrong-credentials')
  const [one, two] = [new Browser(), new Browser()]
  const theirs = new URL(await one.signInElsewhere(studio.url, 'newcomer'))
  const mine = new URL(await two.signInElsewhere(studio.url, 'newcomer'))
  // Somebody else's code under the own state: PKCE and nonce do not fit.
  mine.searchParams.set('code', theirs.searchParams.get('code') ?? '')
  expect((await two.go(mine.href)).headers.get('location')).toBe('/#refused=wrong-credentials')
})

test('a member with a second factor is asked for it here too', async () => {
  const token = await studio.signInMember('careful')
  await studio.db.member.update({ where: { loginId: 'careful' }, data: { email: 'careful@corp.example' } })
  const json = { currentPassword: 'password of a member' }
  const made = await studio.call<{ secret: string }>('POST', '/api/v1/profile/second-factor', { token, json })
  const code = (steps: number) =>
    new TOTP({ secret: made.body.secret }).generate({ timestamp: Date.now() + steps * 30_000 })
  await studio.call('POST', '/api/v1/profile/second-factor/confirm', { token, json: { code: code(0) } })
  const { to, member } = await enter('careful')
  expect(member).toBeUndefined()
  const ticket = decodeURIComponent(to?.replace('/#second-step=', '') ?? '')
  const done = await studio.call('POST', '/api/v1/auth/second-step', { json: { ticket, code: code(1) } })
  expect(done.body.member).toMatchObject({ loginId: 'careful' })
})

test('a studio without a provider says so, and half a configuration ends the start', async () => {
  const { body } = await studio.call('GET', '/api/v1/sign-ups/options')
  expect(body).toMatchObject({ openIdConnect: { name: 'Corp' } })
  const none = { OIDC_NAME: 'x', OIDC_ALLOWED_DOMAINS: '', OIDC_AUTO_CREATE: true }
  expect(readOidcConfig(none)).toBeNull()
  expect(() => readOidcConfig({ ...none, OIDC_CLIENT_ID: 'a' })).toThrow('belong together')
  const open = { OIDC_ISSUER: 'http://id.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
  expect(() => readOidcConfig({ ...none, ...open })).toThrow('https://')
})
