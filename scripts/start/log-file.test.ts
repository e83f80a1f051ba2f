/** A log never grows beyond its share, and every line of it is JSON whatever a process prints. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog } from './log-file.mjs'

let folder: string
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-log-'))))
afterEach(() => fs.rmSync(folder, { recursive: true }))

const lines = (file: string): unknown[] =>
  fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))

test('lines arrive whole, and plain text is wrapped', () => {
  const log = openLog(path.join(folder, 'a.log'), { now: () => new Date(0) })
  log.write('{"msg":"one"}\npl')
  log.write('ain\n\n')
  log.write('unfinished')
  expect(lines(log.file)).toEqual([{ msg: 'one' }, { time: '1970-01-01T00:00:00.000Z', msg: 'plain' }])
})

test('three files at most are kept, the newest lines in the first', () => {
  const log = openLog(path.join(folder, 'a.log'), { maxBytes: 40 })
  for (let number = 0; number < 20; number++) log.write(`{"number":${number}}\n`)
  expect(fs.readdirSync(folder).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2'])
  expect(lines(log.file).at(-1)).toEqual({ number: 19 })
  for (const name of fs.readdirSync(folder))
    expect(fs.statSync(path.join(folder, name)).size).toBeLessThanOrEqual(40)
})

test('a log that cannot be written does not stop the studio', () => {
  const log = openLog(path.join(folder, 'a.log'))
  fs.mkdirSync(log.file)
  expect(() => log.write('{"msg":"lost"}\n')).not.toThrow()
})
