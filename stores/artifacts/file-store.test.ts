/** The folder store, held to the contract, and what only a folder can get wrong. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises'
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

test('a full disk is called so, leaves nothing half written, and is used again once there is room', async () => {
  const place = path.join(folder, 'full')
  let isDiskFull = true
  const store = createFileStore(place, async (file, bytes) => {
    if (!isDiskFull) return file.writeFile(bytes)
    // The kernel's own refusal.
    const full = await open('/dev/full', 'w')
    try {
      await full.writeFile(bytes)
    } finally {
      await full.close()
    }
  })
  const bytes = new Uint8Array(randomBytes(10))
  await expect(store.put(bytes, 'image/png')).rejects.toMatchObject({
    type: 'unavailable',
    message: expect.stringContaining('is full'),
  })
  expect(await readdir(path.join(place, 'tmp'))).toEqual([])
  isDiskFull = false
  const { key } = await store.put(bytes, 'image/png')
  expect(Buffer.from(await store.get(key))).toEqual(Buffer.from(bytes))
})

test('while the folder is away nothing is called missing and nothing is put beside it; then all goes on', async () => {
  const place = path.join(folder, 'disk')
  const store = createFileStore(place)
  const bytes = new Uint8Array(randomBytes(10))
  const { key } = await store.put(bytes, 'image/png')
  await rename(place, `${place}-unplugged`)
  const away = { type: 'unavailable', message: expect.stringContaining('not there any more') }
  await expect(store.has(key)).rejects.toMatchObject(away)
  await expect(store.get(key)).rejects.toMatchObject(away)
  await expect(store.open(key)).rejects.toMatchObject(away)
  await expect(store.put(new Uint8Array([1]), 'image/png')).rejects.toMatchObject(away)
  expect(await readdir(folder)).not.toContain('disk')
  await rename(`${place}-unplugged`, place)
  expect(await store.has(key)).toBe(true)
})
