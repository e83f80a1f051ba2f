/** The first visit happens once, needs its code, and gives exactly 10,000 tokens. */
import http from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { createOwner, giveFirstTokens } from '../setup/create-owner.ts'
import { takeFirstSteps } from '../setup/first-steps.ts'
import { owner, startTestStudio, type TestStudio } from '../studio.fixtures.ts'
import { pino } from 'pino'

let studio: TestStudio | undefined
afterEach(async () => {
  await studio?.close()
  studio = undefined
})

const balance = async (running: TestStudio) => {
  const { body } = await running.signIn(owner.loginId, owner.password)
  return (await running.call('GET', '/api/v1/tokens/balance', { token: body.accessToken })).body
}

test('ten people who set the studio up at once make one owner with 10,000 tokens', async () => {
  const running = (studio = await startTestStudio())
  expect((await running.call('GET', '/api/v1/setup')).body).toEqual({ needsOwner: true, needsCode: false })
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, index) =>
      running.call('POST', '/api/v1/setup/owner', {
        json: {
          ...owner,
          loginId: index === 0 ? owner.loginId : `owner${index}`,
          email: `o${index}@example.com`,
        },
      }),
    ),
  )
  expect(answers.map((answer) => answer.status).sort()).toEqual([201, ...Array<number>(9).fill(409)])
  expect(await running.db.member.count()).toBe(1)
  expect(await running.db.department.count()).toBe(1)
  const member = await running.db.member.findFirstOrThrow()
  expect(member.role).toBe('super_admin')
  expect((await running.ledger.balanceOf({ kind: 'member', id: member.id })).available).toBe(10_000_000_000n)
  expect((await running.ledger.balanceOf({ kind: 'department', id: member.departmentId })).available).toBe(0n)
  expect(await running.ledger.checkInvariants()).toEqual([])
  expect((await running.call('GET', '/api/v1/setup')).body).toEqual({ needsOwner: false, needsCode: false })
})

test('when a code is asked for, nothing else opens the door', async () => {
  const running = (studio = await startTestStudio({ config: { setupCode: '4F7K-9QXM' } }))
  expect((await running.call('GET', '/api/v1/setup')).body.needsCode).toBe(true)
  for (const code of [undefined, '', '4F7K-9QX', '4F7K-9QXM '])
    expect((await running.call('POST', '/api/v1/setup/owner', { json: { ...owner, code } })).status).toBe(403)
  expect(await running.db.member.count()).toBe(0)
  const made = await running.call('POST', '/api/v1/setup/owner', { json: { ...owner, code: '4F7K-9QXM' } })
  expect(made.status).toBe(201)
})

test('the owner of the environment is made at the start, and tokens that a crash left out are given later', async () => {
  const running = (studio = await startTestStudio())
  const world = { db: running.db, ledger: running.ledger, log: pino({ level: 'silent' }) }
  const env = {
    OWNER_LOGIN_ID: owner.loginId,
    OWNER_PASSWORD: owner.password,
    OWNER_EMAIL: owner.email,
    LOCAL_WORKER_TOKEN: 'a token of the supervisor',
  }
  // As if the process had died right after the member was written.
  const forgetful = { ...running.ledger, issue: () => Promise.reject(new Error('killed')) }
  const input = { loginId: owner.loginId, password: owner.password, email: owner.email, name: 'Olga' }
  await expect(createOwner({ db: running.db, ledger: forgetful }, input)).rejects.toThrow('killed')
  for (let start = 1; start <= 3; start++) await takeFirstSteps(world, env, new AbortController().signal)
  await giveFirstTokens(world)
  expect((await balance(running)).member).toEqual({ posted: 10_000, pending: 0, available: 10_000 })
  expect(await running.db.member.count()).toBe(1)
  expect(await running.db.workerToken.count()).toBe(1)
})

test('what cannot become an owner is refused field by field', async () => {
  const running = (studio = await startTestStudio())
  const answer = await running.call('POST', '/api/v1/setup/owner', {
    json: { loginId: 'x', password: 'short', email: 'nowhere', name: '' },
  })
  expect(answer.status).toBe(422)
  expect(answer.body.problems.map((problem) => problem.field)).toEqual([
    'loginId',
    'password',
    'email',
    'name',
  ])
  expect(await running.db.member.count()).toBe(0)
})

test('a page elsewhere that makes its own name mean this machine cannot set the studio up', async () => {
  const running = (studio = await startTestStudio())
  const { port } = new URL(running.url)
  const ask = (host: string) =>
    new Promise<number>((resolve, reject) => {
      const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' }
      const request = http.request(
        { port, host: '127.0.0.1', path: '/api/v1/setup/owner', method: 'POST', headers },
        (response) => {
          response.resume()
          resolve(response.statusCode ?? 0)
        },
      )
      request.on('error', reject).end(JSON.stringify(owner))
    })
  expect(await ask(`evil.example:${port}`)).toBe(403)
  expect(await ask(`127.0.0.1.evil.example:${port}`)).toBe(403)
  expect(await running.db.member.count()).toBe(0)
  expect(await ask(`localhost:${port}`)).toBe(201)
})

test('the first tokens are given once, also when the owner has moved or somebody older appears', async () => {
  const running = (studio = await startTestStudio())
  await running.signInOwner()
  await running.signInMember('second')
  const second = await running.db.member.findUniqueOrThrow({ where: { loginId: 'second' } })
  await running.db.member.update({
    where: { loginId: owner.loginId },
    data: { departmentId: second.departmentId },
  })
  await giveFirstTokens(running)
  await running.db.member.update({ where: { id: second.id }, data: { createdAt: new Date(0) } })
  await giveFirstTokens(running)
  expect((await running.ledger.balanceOf({ kind: 'member', id: second.id })).posted).toBe(0n)
  expect((await balance(running)).member.posted).toBe(10_000)
})
