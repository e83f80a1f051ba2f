/** Settings of the organisation: usual values, who may change them, and what is refused. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestStudio, type TestStudio } from '../studio.fixtures.ts'

let studio: TestStudio
let token: string
beforeAll(async () => {
  studio = await startTestStudio()
  token = await studio.signInOwner()
})
afterAll(() => studio.close())

const read = async (as: string) => (await studio.call('GET', '/api/v1/settings', { token: as })).body
const write = (as: string, json: object) => studio.call('PUT', '/api/v1/settings', { token: as, json })

test('settings have usual values, and a change of one leaves the others', async () => {
  expect(await read(token)).toEqual({ timeZone: 'UTC', signUp: 'open' })
  expect((await write(token, { timeZone: 'Asia/Seoul' })).body).toEqual({
    timeZone: 'Asia/Seoul',
    signUp: 'open',
  })
  expect((await write(token, { signUp: 'closed' })).status).toBe(200)
  const member = await studio.signInMember('reader')
  expect(await read(member)).toEqual({ timeZone: 'Asia/Seoul', signUp: 'closed' })
})

test('a time zone that is none, and a setting that is none, are refused', async () => {
  for (const json of [{ timeZone: 'Seoul' }, { timeZone: '' }, { signUp: 'maybe' }, { colour: 'red' }])
    expect((await write(token, json)).status, JSON.stringify(json)).toBe(422)
})

test('only a super admin changes settings', async () => {
  for (const role of ['department_admin', 'department_member'] as const)
    expect((await write(await studio.signInMember(`set-${role}`, role), { signUp: 'open' })).status).toBe(403)
})

test('a kept value that no longer fits counts as none', async () => {
  await studio.db.setting.update({ where: { key: 'timeZone' }, data: { value: 42 } })
  expect(await read(token)).toMatchObject({ timeZone: 'UTC' })
})
