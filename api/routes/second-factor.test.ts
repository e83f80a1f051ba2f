/** The second factor: turned on with a code, asked at every sign-in, each code once, and a way in without the phone. */
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lastMail } from '../accounts/mails.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
beforeAll(async () => {
  studio = await startTestStudio()
  await studio.signInOwner()
  // In the middle of a step of 30 s, and staying there: what a code is worth does not change on the way.
  const now = Math.floor(Date.now() / 30_000) * 30_000 + 15_000
  vi.useFakeTimers({ toFake: ['Date'], now })
})
afterAll(async () => {
  vi.useRealTimers()
  await studio.close()
})

const password = 'password of a member'
interface Body {
  secret: string
  uri: string
  recoveryCodes: string[]
  ticket: string
  accessToken: string
  code: string
  secondFactor: { recoveryCodesLeft: number } | null
}
const call = (token: string | undefined, path: string, json?: object, method = json ? 'POST' : 'GET') =>
  studio.call<Body>(method, `/api/v1${path}`, { token, ...(json ? { json } : {}) })
/** @param steps of 30 s from now. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })
const ticketOf = async (loginId: string) =>
  (await call(undefined, '/auth/login', { loginId, password })).body.ticket
const step = (ticket: string, code: string) => call(undefined, '/auth/second-step', { ticket, code })

/** The code of the step before turns it on, so that those of now and later are left for the test. */
async function turnOn(loginId: string) {
  const token = await studio.signInMember(loginId)
  const { secret } = (await call(token, '/profile/second-factor', { currentPassword: password })).body
  const confirmed = await call(token, '/profile/second-factor/confirm', { code: codeOf(secret, -1) })
  expect(confirmed.status).toBe(200)
  return { token, secret, recoveryCodes: confirmed.body.recoveryCodes }
}

test('it counts once a code has confirmed it; then the password alone opens nothing', async () => {
  const token = await studio.signInMember('phone')
  expect((await call(token, '/profile/second-factor', { currentPassword: 'no' })).status).toBe(403)
  const { secret, uri } = (await call(token, '/profile/second-factor', { currentPassword: password })).body
  expect(uri).toMatch(/^otpauth:\/\/totp\/DefectStudio:phone\?/)
  expect((await studio.signIn('phone', password)).body.accessToken).toBeTruthy()
  const row = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'phone' } })
  expect(row.totpSecret).not.toContain(secret)
  expect((await call(token, '/profile/second-factor/confirm', { code: '000000' })).status).toBe(403)
  const code = codeOf(secret)
  const on = await call(token, '/profile/second-factor/confirm', { code })
  expect(on.body.recoveryCodes).toHaveLength(10)
  expect((await lastMail(studio, 'phone@example.com', 'second-factor-on-')).subject).toContain('on')
  const first = await call(undefined, '/auth/login', { loginId: 'phone', password })
  expect(Object.keys(first.body).sort()).toEqual(['needs', 'ticket'])
  expect(first.headers.get('set-cookie')).toBeNull()
  expect((await call(first.body.ticket, '/auth/me')).status).toBe(401)
  // Used for confirming: it works for nothing else.
  expect((await step(first.body.ticket, code)).body.code).toBe('wrong-code')
})

test('each code works once, also when it is shown twice at once, and an earlier one no more', async () => {
  const { secret } = await turnOn('once')
  const [one, two] = [await ticketOf('once'), await ticketOf('once')]
  const code = codeOf(secret)
  const answers = await Promise.all([step(one, code), step(two, code)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  expect((await step(one, codeOf(secret, 1))).status).toBe(200)
  expect((await step(one, codeOf(secret, -1))).status).toBe(403)
  expect((await step(one, codeOf(secret, 5))).status).toBe(403)
})

test('a recovery code works once, however it is typed; new ones end the old', async () => {
  const { token, recoveryCodes } = await turnOn('lost-phone')
  const [first = '', second = ''] = recoveryCodes
  expect(JSON.stringify(await studio.db.recoveryCode.findMany())).not.toContain(first)
  const ticket = await ticketOf('lost-phone')
  expect((await step(ticket, first.toLowerCase().replace('-', ' '))).status).toBe(200)
  expect((await step(ticket, first)).status).toBe(403)
  expect((await call(token, '/profile')).body.secondFactor?.recoveryCodesLeft).toBe(9)
  await call(token, '/profile/second-factor/recovery-codes', { currentPassword: password })
  expect((await step(ticket, second)).status).toBe(403)
})

test('a recovery code of one member is none of another', async () => {
  const { recoveryCodes } = await turnOn('has-codes')
  await turnOn('has-others')
  expect((await step(await ticketOf('has-others'), recoveryCodes[0] ?? '')).status).toBe(403)
})

test('tickets that are forged, of before a new password, or of another purpose are refused', async () => {
  const { token, secret } = await turnOn('tickets')
  const ticket = await ticketOf('tickets')
  expect((await step(`${ticket}x`, codeOf(secret))).body.code).toBe('session-ended')
  expect((await step(token, codeOf(secret))).body.code).toBe('session-ended')
  const json = { currentPassword: password, password: 'quite another one' }
  await studio.call('PUT', '/api/v1/profile/password', { token, json })
  expect((await step(ticket, codeOf(secret))).body.code).toBe('session-ended')
})

test('guessing codes has to wait after five tries', async () => {
  const { secret } = await turnOn('guessed')
  const ticket = await ticketOf('guessed')
  for (let turn = 0; turn < 5; turn++) expect((await step(ticket, 'wrong')).status).toBe(403)
  expect((await step(ticket, codeOf(secret))).status).toBe(429)
})

test('it is turned off with the password, and the member is told', async () => {
  const { token } = await turnOn('enough')
  expect((await call(token, '/profile/second-factor/off', { currentPassword: 'no' })).status).toBe(403)
  expect((await call(token, '/profile/second-factor/off', { currentPassword: password })).status).toBe(204)
  expect((await studio.signIn('enough', password)).body.accessToken).toBeTruthy()
  expect((await lastMail(studio, 'enough@example.com', 'second-factor-off-')).subject).toContain('off')
  expect(await studio.db.recoveryCode.count({ where: { member: { loginId: 'enough' } } })).toBe(0)
})
