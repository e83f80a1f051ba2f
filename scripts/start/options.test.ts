/** What was typed, what the environment says and what `.env` says, in that order. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { isLoopback, localUrl, needsSetupCode, readEnvironment, readOptions } from './options.mjs'

const root = '/studio'

test('options come before the environment, the environment before the defaults', () => {
  expect(readOptions([], { root, env: {} })).toMatchObject({
    dataDir: '/studio/.data',
    host: '127.0.0.1',
    port: 8080,
  })
  const env = { DATA_DIR: 'kept', HOST: '0.0.0.0', PORT: '9000', INIT_CWD: '/home/me' }
  expect(readOptions([], { root, env })).toMatchObject({
    dataDir: '/studio/kept',
    host: '0.0.0.0',
    port: 9000,
  })
  const args = ['--data', 'mine', '--port', '9001', '--host', '::']
  expect(readOptions(args, { root, env })).toMatchObject({ dataDir: '/home/me/mine', host: '::', port: 9001 })
})

test.each([
  ['--port', '0'],
  ['--port', 'x'],
  ['--port', '70000'],
  ['--colour', 'red'],
])('%s %s is refused', (...args) => {
  expect(() => readOptions(args, { root, env: {} })).toThrow(args[0])
})

test('.env gives what the environment does not, and an empty line gives nothing', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-env-'))
  fs.writeFileSync(
    path.join(folder, '.env'),
    'PORT=9000\nHOST=0.0.0.0\nSMTP_URL=\n# note\nNAME="two words"\n',
  )
  expect(readEnvironment(folder, { PORT: '7000' })).toEqual({
    PORT: '7000',
    HOST: '0.0.0.0',
    NAME: 'two words',
  })
  fs.rmSync(folder, { recursive: true })
})

test('an address that listens everywhere is reached on loopback', () => {
  expect(localUrl('0.0.0.0', 80)).toBe('http://127.0.0.1:80')
  expect(localUrl('::1', 80)).toBe('http://[::1]:80')
  expect(localUrl('studio.example', 80)).toBe('http://studio.example:80')
  expect(['127.0.0.1', 'localhost', '::1', '0.0.0.0', '10.0.0.1'].map(isLoopback)).toEqual([
    true,
    true,
    true,
    false,
    false,
  ])
})

test.each([
  ['127.0.0.1', undefined, false],
  ['127.0.0.1', 'http://localhost:8080', false],
  ['::1', 'http://[::1]:8080', false],
  ['0.0.0.0', undefined, true],
  ['127.0.0.1', 'https://studio.example', true],
])('on %s behind %s the first visit needs a code: %s', (host, publicUrl, needs) => {
  expect(needsSetupCode({ host, publicUrl })).toBe(needs)
})
