/** What every document store is held to; each store's test runs it on the real thing. */
import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { DocumentStore, Json } from './document-store.ts'

export function describeDocumentStore(name: string, store: () => DocumentStore): void {
  describe(`${name} keeps the contract of document stores`, () => {
    const bodies: Json[] = [
      { nested: { list: [1, 2.5, -3e20, true, null, 'ü – 漢 – 🔩'] }, '': 'empty key', 'a.b$c': 1 },
      [],
      'text',
      0,
      false,
      null,
      { key: null },
    ]
    test.each(bodies)('gives back %j as it was put', async (body) => {
      const id = randomUUID()
      await store().put('things', id, body)
      expect(await store().get('things', id)).toEqual(body)
    })

    test('replaces a document whole', async () => {
      const id = randomUUID()
      await store().put('things', id, { a: 1, b: 2 })
      await store().put('things', id, { a: 3 })
      expect(await store().get('things', id)).toEqual({ a: 3 })
    })

    test('takes many writes of one document at the same time', async () => {
      const id = randomUUID()
      await Promise.all(Array.from({ length: 20 }, (_, index) => store().put('things', id, index)))
      expect(await store().get('things', id)).toBeTypeOf('number')
    })

    test('keeps collections apart', async () => {
      const id = randomUUID()
      await store().put('left', id, 'l')
      expect(await store().get('right', id)).toBeNull()
    })

    test('deletes what is there and does not mind what is not', async () => {
      const id = randomUUID()
      await store().put('things', id, 1)
      await store().delete('things', id)
      await store().delete('things', id)
      expect(await store().get('things', id)).toBeNull()
    })

    test('lists by prefix, in the order of the ids, as many as asked for', async () => {
      const collection = randomUUID()
      for (const id of ['b', 'a/2', 'a/10', 'a/1', 'a%', 'A/1', 'a_'])
        await store().put(collection, id, { id })
      expect((await store().list(collection, 'a/', 1000)).map(({ id }) => id)).toEqual(['a/1', 'a/10', 'a/2'])
      expect(await store().list(collection, 'a/', 1)).toEqual([{ id: 'a/1', body: { id: 'a/1' } }])
      expect((await store().list(collection, 'a%', 10)).map(({ id }) => id)).toEqual(['a%'])
      expect((await store().list(collection, '', 2)).map(({ id }) => id)).toEqual(['A/1', 'a%'])
      await expect(store().list(collection, '', 0)).rejects.toThrow('1 to 1000')
    })
  })
}
