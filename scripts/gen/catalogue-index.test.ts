/** The list of nodes follows the folder, and a file that breaks the naming is refused by name. */
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catalogueIndex } from './catalogue-index.mjs'

let folder: string
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'defect-studio-catalogue-'))))
afterEach(() => fs.rmSync(folder, { recursive: true }))
const write = (name: string, text: string): void => fs.writeFileSync(path.join(folder, name), text)

test('one line for each node, in order, tests and the index itself left out', () => {
  write('text-to-image.ts', 'export const textToImage = defineNode({})')
  write('mask.ts', 'export const mask = defineNode({})')
  write('mask.test.ts', '')
  write('index.ts', 'old')
  expect(catalogueIndex(folder).split('\n').slice(1)).toEqual([
    "export { mask } from './mask.ts'",
    "export { textToImage } from './text-to-image.ts'",
    '',
  ])
})

test('a file whose export is named otherwise is refused', () => {
  write('clean-up.ts', 'export const cleaner = defineNode({})')
  expect(() => catalogueIndex(folder)).toThrow(/clean-up\.ts must export "cleanUp"/)
})
