/** One process at a time, and a lock whose process is gone holds nobody up. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockHolder, tryLock, withLock } from './lock-file.mjs'

let folder: string
let lock: string
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-lock-'))
  lock = path.join(folder, 'lock')
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

test('work under one lock never overlaps', async () => {
  let inside = 0
  let most = 0
  const work = async (): Promise<void> => {
    most = Math.max(most, ++inside)
    await new Promise((resolve) => setImmediate(resolve))
    inside--
  }
  await Promise.all([1, 2, 3].map(() => withLock(lock, work, { pollMs: 1 })))
  expect(most).toBe(1)
  expect(fs.existsSync(lock)).toBe(false)
})

test('a failure gives the lock back', async () => {
  await expect(withLock(lock, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(tryLock(lock)).toBe(true)
})

test('a lock of a process that is gone, or of an earlier one with the same id, is taken over', () => {
  const gone = spawnSync(process.execPath, ['-e', '']).pid
  for (const content of [`${gone} 1`, `${process.pid} another begin`, '']) {
    fs.writeFileSync(lock, content)
    fs.utimesSync(lock, 0, 0)
    expect(lockHolder(lock)).toBeUndefined()
    expect(tryLock(lock)).toBe(true)
    fs.rmSync(lock)
  }
})
