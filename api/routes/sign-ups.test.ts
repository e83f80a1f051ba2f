/** From asking for an account to being a guest who waits, and what strangers must not learn on the way. */
import { sweepAccounts } from '@defect-studio/stores'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { codeFor, lastMail } from '../accounts/mails.fixtures.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
let departmentId: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
  departmentId = (await studio.db.department.findFirstOrThrow()).id
})
afterAll(() => studio.close())

const password = 'a password of eight and more'
const person = (loginId: string, more: object = {}) => ({
  ...{ loginId, password, email: `${loginId}@example.com`, name: '김하나', departmentId, language: 'ko' },
  ...more,
})
const ask = (loginId: string, more: object = {}) =>
  studio.call('POST', '/api/v1/sign-ups', { json: person(loginId, more) })
const verify = (id: string, code: string, more: object = {}) =>
  studio.call('POST', `/api/v1/sign-ups/${id}/verify`, { json: { code, ...more } })
async function join(loginId: string): Promise<string> {
  const { id } = (await ask(loginId)).body
  expect((await verify(id, await codeFor(studio, `${loginId}@example.com`))).status).toBe(200)
  return (await studio.signIn(loginId, password)).body.accessToken
}

test('the form learns the departments, and nothing more', async () => {
  const { body } = await studio.call('GET', '/api/v1/sign-ups/options')
  expect(body).toEqual({
    signUp: 'open',
    departments: [{ id: departmentId, name: 'My department' }],
    openIdConnect: null,
  })
})

test('an account counts only after the code; then it waits, and administrators are told', async () => {
  const asked = await ask('hana')
  expect(asked.status).toBe(201)
  expect(await studio.db.member.count({ where: { loginId: 'hana' } })).toBe(0)
  expect((await studio.signIn('hana', password)).status).toBe(401)
  const mail = await lastMail(studio, 'hana@example.com', 'code-')
  expect(mail.subject).toBe('가입 확인 코드')
  const code = await codeFor(studio, 'hana@example.com')
  const stored = JSON.stringify(await studio.db.verificationCode.findMany())
  expect(stored).not.toContain(code)
  expect(stored).not.toContain(code.replace('-', ''))
  expect((await verify(asked.body.id, code.toLowerCase().replace('-', ' '))).body).toEqual({
    loginId: 'hana',
  })
  const member = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'hana' } })
  expect(member).toMatchObject({ role: 'guest', approvedAt: null, name: '김하나', language: 'ko' })
  expect((await lastMail(studio, owner.email, 'guest-waits-')).text).toContain('hana@example.com')
})

test('a guest signs in, sees who they are, and nothing else', async () => {
  const guest = await join('waiting')
  expect((await studio.call('GET', '/api/v1/auth/me', { token: guest })).body).toMatchObject({
    role: 'guest',
  })
  for (const [method, path] of [
    ['GET', '/api/v1/graphs'],
    ['GET', '/api/v1/profile'],
    ['GET', '/api/v1/settings'],
    ['GET', '/api/v1/events'],
    ['POST', '/api/v1/api-keys'],
    ['GET', '/api/v1/mails'],
  ] as const) {
    const answer = await studio.call(method, path, {
      token: guest,
      ...(method === 'POST' ? { json: {} } : {}),
    })
    expect([answer.status, answer.body.code], path).toEqual([403, 'awaiting-approval'])
  }
})

test('a code tried twice works once', async () => {
  const { id } = (await ask('twice')).body
  const code = await codeFor(studio, 'twice@example.com')
  const answers = await Promise.all([verify(id, code), verify(id, code)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
  const again = await verify(id, code)
  expect([again.status, again.body.code]).toEqual([403, 'wrong-code'])
  expect(await studio.db.member.count({ where: { loginId: 'twice' } })).toBe(1)
})

test('after five wrong codes even the right one is refused, and so is one that is too old', async () => {
  const { id } = (await ask('guesser')).body
  for (let turn = 0; turn < 5; turn++) expect((await verify(id, 'AAAA-AAAA')).status).toBe(403)
  expect((await verify(id, await codeFor(studio, 'guesser@example.com'))).status).toBe(403)
  expect((await studio.call('POST', `/api/v1/sign-ups/${id}/code`)).status).toBe(204)
  const code = await codeFor(studio, 'guesser@example.com')
  await studio.db.verificationCode.updateMany({ where: { subjectId: id }, data: { expiresAt: new Date() } })
  expect((await verify(id, code)).body.code).toBe('wrong-code')
})

test('a new code ends the one before, and one address gets five in a quarter of an hour', async () => {
  const { id } = (await ask('eager')).body
  const first = await codeFor(studio, 'eager@example.com')
  for (let turn = 2; turn <= 5; turn++)
    expect((await studio.call('POST', `/api/v1/sign-ups/${id}/code`)).status).toBe(204)
  const sixth = await studio.call('POST', `/api/v1/sign-ups/${id}/code`)
  expect([sixth.status, sixth.body.code]).toEqual([429, 'too-many-attempts'])
  expect((await ask('eager')).status).toBe(429)
  expect((await verify(id, first)).status).toBe(403)
  expect((await verify(id, await codeFor(studio, 'eager@example.com'))).status).toBe(200)
})

test('somebody else’s address: the same answers, a mail that says so, and no code that fits', async () => {
  const asked = await ask('impostor', { email: owner.email.toUpperCase() })
  expect(asked.status).toBe(201)
  expect(Object.keys(asked.body)).toEqual(['id'])
  const mail = await lastMail(studio, owner.email, 'code-')
  expect(mail.text).toContain('이미 계정이 있으니')
  expect(mail.text).not.toContain('김하나')
  const wrong = await verify(asked.body.id, 'AAAA-AAAA')
  const unknown = await verify(crypto.randomUUID(), 'AAAA-AAAA')
  const { requestId: _one, ...first } = wrong.body
  const { requestId: _two, ...second } = unknown.body
  expect(first).toEqual(second)
  expect((await verify(asked.body.id, '')).status).toBe(422)
})

test('that a login id is taken is said to nobody who has not shown an address', async () => {
  const asked = await ask('owner', { email: 'second-owner@example.com' })
  expect(asked.status).toBe(201)
  const code = await codeFor(studio, 'second-owner@example.com')
  const taken = await verify(asked.body.id, code)
  expect([taken.status, taken.body.code, taken.body.problems[0]?.field]).toEqual([
    409,
    'already-taken',
    'loginId',
  ])
  expect((await verify(asked.body.id, code, { loginId: 'owner-two' })).body.loginId).toBe('owner-two')
})

test.each([
  ['bidi override', { name: 'Anna\u202Enimda' }],
  ['bidi isolate', { nickname: '\u2066admin\u2069' }],
  ['a character that is not seen', { name: 'Ad\u200Bmin' }],
  ['control characters', { name: 'a\r\nBcc: everybody@example.com' }],
  ['nothing but space', { name: '   ' }],
  ['a name of 101 letters', { name: 'x'.repeat(101) }],
  ['a list of addresses', { email: 'a@example.com, b@example.com' }],
  ['a short password', { password: 'short' }],
  ['a login id of the deleted', { loginId: 'deleted-1' }],
  ['an unknown department', { departmentId: crypto.randomUUID() }],
  ['an unknown language', { language: 'fr' }],
])('refused: %s', async (_what, more) => {
  expect((await ask('careless', more)).status).toBe(422)
})

test('HTML in a name is letters: kept as typed, escaped in mails; names are composed', async () => {
  const name = '<img src=x onerror=alert(1)> e\u0301'
  const { id } = (await ask('markup', { name })).body
  await verify(id, await codeFor(studio, 'markup@example.com'))
  const member = await studio.db.member.findUniqueOrThrow({ where: { loginId: 'markup' } })
  expect(member.name).toBe('<img src=x onerror=alert(1)> \u00E9')
  const { html } = await lastMail(studio, owner.email, `guest-waits-${member.id}`)
  expect(html).toContain('&lt;img')
  expect(html).not.toContain('<img')
})

test('while sign-up is closed nobody signs up, nor learns the departments', async () => {
  const { id } = (await ask('late')).body
  await studio.call('PUT', '/api/v1/settings', { token, json: { signUp: 'closed' } })
  expect((await ask('later')).status).toBe(403)
  expect((await verify(id, await codeFor(studio, 'late@example.com'))).status).toBe(403)
  const { body } = await studio.call('GET', '/api/v1/sign-ups/options')
  expect(body).toMatchObject({ signUp: 'closed', departments: [] })
  await studio.call('PUT', '/api/v1/settings', { token, json: { signUp: 'open' } })
})

test('guests whom nobody approved for three days are removed and told; approved and younger ones stay', async () => {
  const stale = await join('stale')
  await join('young')
  await join('approved')
  const long = new Date(Date.now() - 3 * 86_400_000 - 60_000)
  const old = (loginId: string, more: object) =>
    studio.db.member.update({ where: { loginId }, data: { createdAt: long, ...more } })
  await old('stale', {})
  await old('approved', { approvedAt: new Date(), role: 'department_member' })
  await studio.signInMember('demoted')
  await studio.call('POST', '/api/v1/graphs', {
    token: (await studio.signIn('demoted', 'password of a member')).body.accessToken,
    json: { name: 'kept', graph: { formatVersion: 2, nodes: [], edges: [] } },
  })
  await old('demoted', { role: 'guest' })
  expect(await sweepAccounts(studio.db)).toMatchObject({ guests: 1 })
  const left = await studio.db.member.findMany({
    where: { loginId: { in: ['stale', 'young', 'approved', 'demoted'] } },
    select: { loginId: true },
  })
  expect(left.map(({ loginId }) => loginId).sort()).toEqual(['approved', 'demoted', 'young'])
  expect((await studio.call('GET', '/api/v1/auth/me', { token: stale })).status).toBe(401)
  expect((await lastMail(studio, 'stale@example.com', 'guest-removed-')).subject).toBe(
    '가입 요청이 종료되었습니다',
  )
})
