/** Stored lists of today and of before are read alike. */
import { expect, test } from 'vitest'
import { testImage } from './graph.fixtures.ts'
import { CollectionManifest } from './ports.ts'

test('a list that was stored with pictures alone is read as a list of values', () => {
  const items = [
    { name: 'a.png', image: testImage },
    { name: 'b', value: 'rust', index: 4 },
    { name: 'c', value: { ports: { seed: 7 } } },
  ]
  expect(CollectionManifest.parse({ items })).toEqual({
    items: [{ name: 'a.png', value: testImage }, ...items.slice(1)],
  })
  expect(CollectionManifest.safeParse({ items: [{ name: 'a.png' }] }).success).toBe(false)
  expect(CollectionManifest.safeParse({ items: [null] }).success).toBe(false)
})
