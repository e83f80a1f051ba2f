/** A studio that others can reach is never given to whoever comes first. */
import { expect, test } from 'vitest'
import { chooseSetupCode } from './setup-code.ts'

const none = { SETUP_CODE: undefined, PUBLIC_URL: undefined, OWNER_LOGIN_ID: undefined }

test.each([
  ['127.0.0.1', undefined],
  ['localhost', 'http://127.0.0.1:8080'],
  ['::1', 'http://[::1]:8080'],
])('%s with the address %s asks for no code', (HOST, PUBLIC_URL) => {
  expect(chooseSetupCode({ ...none, HOST, PUBLIC_URL }, () => {})).toBeNull()
})

test.each([
  ['0.0.0.0', undefined],
  ['::', undefined],
  ['127.0.0.1.example', undefined],
  ['127.0.0.1', 'https://studio.example'],
])('%s with the address %s asks for a code that is said once', (HOST, PUBLIC_URL) => {
  const said: string[] = []
  const code = chooseSetupCode({ ...none, HOST, PUBLIC_URL }, (line) => said.push(line))
  expect(code).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}$/)
  expect(said.join('')).toContain(code)
  expect(chooseSetupCode({ ...none, HOST, PUBLIC_URL }, () => {})).not.toBe(code)
})

test('the code of the environment counts, and an owner of the environment makes it needless to say one', () => {
  const said: string[] = []
  const open = { ...none, HOST: '0.0.0.0' }
  expect(chooseSetupCode({ ...open, SETUP_CODE: 'mine' }, (line) => said.push(line))).toBe('mine')
  expect(chooseSetupCode({ ...open, OWNER_LOGIN_ID: 'owner' }, (line) => said.push(line))).not.toBeNull()
  expect(said).toEqual([])
})
