/** The folder store, held to the contract, and what only a folder can get wrong. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeArtifactStore } from './artifact-store.contract.ts'
import { createFileStore } from './file-store.ts'
import { openArtifactStore } from './open-store.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'artifacts-'))
})
afterAll(() => rm(folder, { recursive: true }))

describeArtifactStore('The folder store', () => openArtifactStore(pathToFileURL(folder).href))

test('leaves no temporary file behind, and files every artifact under its key', async () => {
  const store = createFileStore(path.join(folder, 'fresh'))
  const { key } = await store.put(new Uint8Array(randomBytes(10)), 'image/png')
  expect(await readdir(path.join(folder, 'fresh', 'tmp'))).toEqual([])
  expect(await readdir(path.join(folder, 'fresh', key.slice(0, 2), key.slice(2, 4)))).toEqual([key])
})

test('deletes what is there and does not mind what is not', async () => {
  const store = createFileStore(folder)
  const { key } = await store.put(new Uint8Array(randomBytes(10)), 'image/png')
  await store.delete(key)
  await store.delete(key)
  expect(await store.has(key)).toBe(false)
})

test('says which folder cannot be written', async () => {
  const file = path.join(folder, 'a-file')
  await writeFile(file, '')
  const store = createFileStore(path.join(file, 'below'))
  await expect(store.put(new Uint8Array([1]), 'image/png')).rejects.toMatchObject({
    type: 'unavailable',
    message: expect.stringContaining('a-file') as string,
  })
})

test('refuses an address that is no folder', () => {
  expect(() => openArtifactStore('ftp://example')).toThrow('ARTIFACTS_URL is "ftp://example"')
})
