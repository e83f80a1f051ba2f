/** A build is stale exactly when something that goes into it has changed. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { sourceHash } from './source-hash.mjs'

let root: string
const write = (name: string, text: string): void => {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
  fs.writeFileSync(path.join(root, name), text)
}
const hash = (): string => sourceHash(root, ['api', 'nodes'])

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-hash-'))
  write('api/app.ts', 'one')
  write('nodes/index.ts', 'two')
})
afterEach(() => fs.rmSync(root, { recursive: true }))

test.each([
  ['a change', () => write('api/app.ts', 'other')],
  ['a new file', () => write('nodes/catalogue/mask.ts', '')],
  [
    'a file under another name',
    () => fs.renameSync(path.join(root, 'api/app.ts'), path.join(root, 'api/b.ts')),
  ],
])('%s makes it stale', (_what, change) => {
  const before = hash()
  change()
  expect(hash()).not.toBe(before)
})

test.each(['api/app.test.ts', 'api/node_modules/zod/index.js', 'stores/index.ts', 'api/notes.md'])(
  '%s does not',
  (name) => {
    const before = hash()
    write(name, 'anything')
    expect(hash()).toBe(before)
  },
)
