/** A new password by mail: for whoever reads the mails of the account, and for nobody else. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeFor, lastMail } from '../accounts/mails.fixtures.ts'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
beforeAll(async () => {
  studio = await startTestStudio()
  await studio.signInOwner()
})
afterAll(() => studio.close())

const ask = (email: string) => studio.call('POST', '/api/v1/password-resets', { json: { email } })
const finish = (id: string, code: string, password = 'a new password') =>
  studio.call('POST', `/api/v1/password-resets/${id}`, { json: { code, password } })

test('the code sets a new password, once, and ends every session', async () => {
  const token = await studio.signInMember('forgetful')
  const { id } = (await ask('Forgetful@example.com')).body
  const code = await codeFor(studio, 'forgetful@example.com')
  expect((await finish(id, 'AAAA-AAAA')).body.code).toBe('wrong-code')
  expect((await finish(id, code, 'short')).status).toBe(422)
  expect((await finish(id, code)).status).toBe(204)
  expect((await studio.call('GET', '/api/v1/auth/me', { token })).status).toBe(401)
  expect((await studio.signIn('forgetful', 'password of a member')).status).toBe(401)
  expect((await studio.signIn('forgetful', 'a new password')).status).toBe(200)
  expect((await finish(id, code, 'another password')).status).toBe(403)
  expect((await lastMail(studio, 'forgetful@example.com', 'password-changed-')).text).toContain('changed')
})

test('an address that nobody has is answered alike, gets no mail, and no code fits', async () => {
  await studio.signInMember('known')
  const [known, unknown] = [await ask('known@example.com'), await ask('nobody@example.com')]
  expect([unknown.status, Object.keys(unknown.body)]).toEqual([known.status, Object.keys(known.body)])
  expect(await studio.db.outgoingMail.count({ where: { toAddress: 'nobody@example.com' } })).toBe(0)
  const wrongs = [await finish(known.body.id, 'AAAA-AAAA'), await finish(unknown.body.id, 'AAAA-AAAA')]
  expect(wrongs.map(({ body: { requestId: _id, ...rest } }) => rest)[0]).toEqual(
    wrongs.map(({ body: { requestId: _id, ...rest } }) => rest)[1],
  )
})

test('a mailbox gets five codes in a quarter of an hour, and the sixth request the same answer', async () => {
  await studio.signInMember('flooded')
  const answers = []
  for (let turn = 0; turn < 7; turn++) answers.push(await ask('flooded@example.com'))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
  expect(await studio.db.outgoingMail.count({ where: { toAddress: 'flooded@example.com' } })).toBe(5)
})

test('a code for one account sets no password of another, nor does one for another purpose', async () => {
  await studio.signInMember('first-one')
  await studio.signInMember('other-one')
  const one = (await ask('first-one@example.com')).body
  const other = (await ask('other-one@example.com')).body
  expect((await finish(other.id, await codeFor(studio, 'first-one@example.com'))).status).toBe(403)
  expect((await finish(one.id, await codeFor(studio, 'first-one@example.com'))).status).toBe(204)
})

test('a disabled member gets no code', async () => {
  await studio.signInMember('disabled')
  await studio.db.member.update({ where: { loginId: 'disabled' }, data: { disabledAt: new Date() } })
  expect((await ask('disabled@example.com')).status).toBe(201)
  expect(await studio.db.outgoingMail.count({ where: { toAddress: 'disabled@example.com' } })).toBe(0)
})
