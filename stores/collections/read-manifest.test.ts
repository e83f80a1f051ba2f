/** Slices of stored lists: by place, by name, from memory as long as there is room. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { collectionMediaType } from '@defect-studio/nodes'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { picture } from '../bookkeeping/books.fixtures.ts'
import { createCollection } from './collections.ts'
import { createManifestReader } from './read-manifest.ts'

let folder = ''
let artifacts: ArtifactStore
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'manifests-'))
  artifacts = createFileStore(folder)
})
afterAll(() => rm(folder, { recursive: true }))

const list = (count: number, prefix = 'part') =>
  createCollection(
    artifacts,
    Array.from({ length: count }, (_, index) => ({ name: `${prefix}-${index}`, value: index })),
  )

function countingStore() {
  let reads = 0
  const get = (key: string) => {
    reads += 1
    return artifacts.get(key)
  }
  return { get, reads: () => reads }
}

test('gives a slice by place, and the items of some names in the order of the names', async () => {
  const collection = await list(250)
  const { readItems } = createManifestReader(artifacts)
  const names = async (slice: Parameters<typeof readItems>[1]) =>
    (await readItems(collection, slice)).map(({ name }) => name)
  expect(await names({ from: 248, count: 50 })).toEqual(['part-248', 'part-249'])
  expect(await names({ from: 250, count: 50 })).toEqual([])
  expect(await names({ names: ['part-7', 'nobody', 'part-3'] })).toEqual(['part-7', 'part-3'])
})

test('reads a list once while it is in memory, also when ten ask together', async () => {
  const collection = await list(20, 'once')
  const store = countingStore()
  const { readItems } = createManifestReader(store)
  await Promise.all(Array.from({ length: 10 }, (_, from) => readItems(collection, { from, count: 1 })))
  await readItems(collection, { names: ['once-3'] })
  expect(store.reads()).toBe(1)
})

test('forgets what was not asked for longest when the lists take too much', async () => {
  const lists = [await list(20, 'a'), await list(20, 'b'), await list(20, 'c')] as const
  const store = countingStore()
  const reader = createManifestReader(store, lists[0].bytes * 2)
  for (const one of [lists[0], lists[1], lists[0], lists[2], lists[0]])
    await reader.readItems(one, { from: 0, count: 1 })
  expect(store.reads()).toBe(3)
  expect(reader.size).toBe(2)
  await reader.readItems(lists[1], { from: 0, count: 1 })
  expect(store.reads()).toBe(4)
})

test('a list that cannot be read is asked for again', async () => {
  const collection = await list(5, 'away')
  let away = true
  const reader = createManifestReader({
    get: (key) => (away ? Promise.reject(new Error('away')) : artifacts.get(key)),
  })
  await expect(reader.readItems(collection, { from: 0, count: 1 })).rejects.toThrow('away')
  away = false
  expect(await reader.readItems(collection, { from: 0, count: 1 })).toHaveLength(1)
})

test('reads lists that were stored when they held pictures alone', async () => {
  const image = picture()
  const bytes = new TextEncoder().encode(JSON.stringify({ items: [{ name: 'old.png', image }] }))
  const stored = await artifacts.put(bytes, collectionMediaType)
  const { readItems } = createManifestReader(artifacts)
  const collection = { ...stored, mediaType: collectionMediaType, count: 1 }
  expect(await readItems(collection, { from: 0, count: 9 })).toMatchObject([
    { name: 'old.png', value: image },
  ])
})
