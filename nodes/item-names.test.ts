/** The name of a thing follows it, also when what was made for another item is used instead of being made again. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { nameTogether, numberedName, renameOutputs, type Met } from './item-names.ts'
import type { ItemOutputs } from './ports.ts'

const outputs = (...names: string[]): ItemOutputs => ({
  image: names.map((name, index) => ({ name, value: 'x', index })),
})
const namesOf = (of: ItemOutputs) => of['image']?.map(({ name }) => name)

test('outputs that bear the name of their item, or a number after it, follow the new name', () => {
  expect(namesOf(renameOutputs(outputs('a.png'), 'a.png', 'b.jpg'))).toEqual(['b.jpg'])
  expect(namesOf(renameOutputs(outputs('a-1.png', 'a-2.png'), 'a.png', 'b.c.png'))).toEqual([
    'b.c-1.png',
    'b.c-2.png',
  ])
  expect(namesOf(renameOutputs(outputs('other.png', 'a-7.png'), 'a.png', 'b.png'))).toEqual([
    'other.png',
    'a-7.png',
  ])
})

test('renaming there and back gives what was, and leaves all but names alone', () => {
  const name = fc.stringMatching(/^[a-z.-]{1,6}$/)
  fc.assert(
    fc.property(name, name, fc.integer({ min: 1, max: 64 }), (from, to, count) => {
      const made =
        count === 1
          ? outputs(from)
          : outputs(...Array.from({ length: count }, (_, index) => numberedName(from, index + 1)))
      const renamed = renameOutputs(made, from, to)
      expect(namesOf(renamed)).toEqual(
        count === 1 ? [to] : Array.from({ length: count }, (_, index) => numberedName(to, index + 1)),
      )
      expect(renameOutputs(renamed, to, from)).toEqual(made)
    }),
  )
})

test.each<[string, Partial<Met>[], string]>([
  ['nothing that comes in', [], 'node'],
  ['a picture before a text', [{ type: 'text', name: 'p1' }, { name: 'a.png' }], 'a.png'],
  ['a text that somebody named', [{ type: 'text', name: 'p1' }], 'p1'],
  ['no text that only bears the id of its node', [{ type: 'text', name: 'source' }], 'node'],
  [
    'one of a list before a single picture',
    [{ name: 'a.png' }, { type: 'number', name: 'p3', many: true }],
    'p3',
  ],
  [
    'the picture of a list before its number',
    [
      { type: 'number', name: 'p3', many: true },
      { name: 'a.png', many: true },
    ],
    'a.png',
  ],
])('what is made is named by %s', (_what, met, name) => {
  const all = met.map((one): Met => ({ name: 'x', type: 'image', sourceId: 'source', many: false, ...one }))
  expect(nameTogether('node', all)).toBe(name)
})
