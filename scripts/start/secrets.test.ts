/** Secrets stay the same from start to start, differ between installations, and are for their owner alone. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSecrets, setupCode } from './secrets.mjs'

let folder: string
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-secrets-'))))
afterEach(() => fs.rmSync(folder, { recursive: true }))

test('made once, then kept', () => {
  const first = readSecrets(path.join(folder, 'a'))
  expect(readSecrets(path.join(folder, 'a'))).toEqual(first)
  const other = readSecrets(path.join(folder, 'b'))
  expect(other.workerToken).not.toBe(first.workerToken)
  expect(other.postgresPassword).not.toBe(first.postgresPassword)
  expect(first.workerToken.length).toBeGreaterThanOrEqual(43)
})

test.skipIf(process.platform === 'win32')('nobody else may read them, also when they were loosened', () => {
  const { signingSecretFile } = readSecrets(folder)
  fs.chmodSync(signingSecretFile, 0o644)
  readSecrets(folder)
  expect(fs.statSync(signingSecretFile).mode & 0o777).toBe(0o600)
  expect(fs.statSync(path.dirname(signingSecretFile)).mode & 0o777).toBe(0o700)
})

test('the code of the first visit is short, legible and new each time', () => {
  expect(setupCode()).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/)
  expect(setupCode()).not.toBe(setupCode())
})
