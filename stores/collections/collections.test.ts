/** Collections in a real folder: names stay unique, sizes stay bounded, what is no collection is refused. */
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { createFileStore } from '../artifacts/file-store.ts'
import { picture } from '../bookkeeping/books.fixtures.ts'
import { createCollection, readCollection } from './collections.ts'

let folder = ''
let artifacts: ArtifactStore
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'collections-'))
  artifacts = createFileStore(folder)
})
afterAll(() => rm(folder, { recursive: true }))

const named = (...names: string[]) => names.map((name) => ({ name, value: picture() }))

test('keeps pictures, order and strange names', async () => {
  const items = named('b.png', 'a.png', '../../x.png', '사진 1.jpg', '🔩')
  const collection = await createCollection(artifacts, items)
  expect(collection.count).toBe(5)
  expect((await readCollection(artifacts, collection)).items).toEqual(items)
})

test('gives a name that comes again a number that is free', async () => {
  const items = named(
    'a.png',
    'a.png',
    'a (2).png',
    'A.PNG',
    '.hidden',
    '.hidden',
    'x'.repeat(255),
    'x'.repeat(255),
  )
  const { items: kept } = await readCollection(artifacts, await createCollection(artifacts, items))
  expect(kept.map(({ name }) => name)).toEqual([
    'a.png',
    'a (3).png',
    'a (2).png',
    'A (4).PNG',
    '.hidden',
    '.hidden (2)',
    'x'.repeat(255),
    `${'x'.repeat(251)} (2)`,
  ])
})

test('refuses an empty folder, and one that is too large', async () => {
  await expect(createCollection(artifacts, [])).rejects.toThrow('This list is empty')
  const many = Array.from({ length: 100_001 }, (_, index) => ({ name: `${index}.png`, value: index }))
  await expect(createCollection(artifacts, many)).rejects.toThrow(
    '100001 items; one collection may have 100000',
  )
})

test('names a hundred thousand things that all have one name', async () => {
  const many = Array.from({ length: 100_000 }, (_, index) => ({ name: 'a.png', value: index }))
  const { items } = await readCollection(artifacts, await createCollection(artifacts, many))
  expect(new Set(items.map(({ name }) => name)).size).toBe(100_000)
  expect(items.at(-1)).toEqual({ name: 'a (100000).png', value: 99_999 })
})

test('reads folders that were stored when lists held pictures alone', async () => {
  const value = picture()
  const text = JSON.stringify({ items: [{ name: 'a.png', image: value }] })
  const { key } = await artifacts.put(new TextEncoder().encode(text), 'text/plain')
  expect((await readCollection(artifacts, { key })).items).toEqual([{ name: 'a.png', value }])
})

test('refuses bytes that are no collection', async () => {
  for (const text of ['', '{}', '{"items":[]}', 'PNG']) {
    const { key } = await artifacts.put(new TextEncoder().encode(text), 'text/plain')
    await expect(readCollection(artifacts, { key })).rejects.toMatchObject({ type: 'invalid-input' })
  }
})
