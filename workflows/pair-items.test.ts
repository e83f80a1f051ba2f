/** Pairing by name: single items are shared, collections must fit, and what failed earlier is passed over. */
import fc from 'fast-check'
import type { Item } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import type { InputFlow } from './flow.ts'
import { pairItems } from './pair-items.ts'

const item = (name: string, index: number, value = `value of ${name}`): Item => ({ name, index, value })

function input(
  port: string,
  names: string[],
  more: Partial<InputFlow> & { many?: boolean; partial?: boolean } = {},
) {
  const { many = true, partial = false, ...rest } = more
  const items = names.map((name, index) => item(name, index, `${port}:${name}`))
  const flow = { many, partial, broken: false, items }
  return { port, type: 'image', sourceId: 'source', flow, ...rest } satisfies InputFlow
}

function groupsOf(...inputs: InputFlow[]) {
  const paired = pairItems('node', inputs)
  if (!paired.ok) throw new Error(paired.failure.message)
  return paired
}

test('a node without inputs works once, under its own name', () => {
  expect(groupsOf()).toEqual({ ok: true, many: false, groups: [{ name: 'node', index: 0, inputs: {} }] })
})

test('single items make one group and no collection', () => {
  const { many, groups } = groupsOf(
    input('image', ['a.png'], { many: false }),
    input('mask', ['m.png'], { many: false }),
  )
  expect(many).toBe(false)
  expect(groups).toMatchObject([
    { name: 'a.png', inputs: { image: { name: 'a.png' }, mask: { name: 'm.png' } } },
  ])
})

test('a single item goes with every item of a collection', () => {
  const { many, groups } = groupsOf(
    input('prompt', ['p'], { many: false, type: 'text' }),
    input('image', ['a', 'b']),
  )
  expect(many).toBe(true)
  expect(groups.map(({ name, index, inputs }) => [name, index, inputs['prompt']?.name])).toEqual([
    ['a', 0, 'p'],
    ['b', 1, 'p'],
  ])
})

test('a collection of one is still a collection', () => {
  expect(groupsOf(input('image', ['a'])).many).toBe(true)
})

test('collections are paired by name whatever their order, in the order of the first', () => {
  const { groups } = groupsOf(
    input('image', ['b', 'a', 'c']),
    input('mask', ['a', 'b', 'c'], { type: 'mask' }),
  )
  expect(groups.map(({ name, inputs }) => [name, inputs['image']?.value, inputs['mask']?.value])).toEqual([
    ['b', 'image:b', 'mask:b'],
    ['a', 'image:a', 'mask:a'],
    ['c', 'image:c', 'mask:c'],
  ])
})

test('files of the same name are paired in their order', () => {
  const { groups } = groupsOf(input('image', ['a', 'a', 'b']), input('mask', ['a', 'b', 'a']))
  expect(groups.map(({ name }) => name)).toEqual(['a', 'a', 'b'])
})

test('collections that do not hold the same names are refused, and the names are listed', () => {
  const many = ['1', '2', '3', '4', '5', '6', '7']
  const paired = pairItems('node', [input('image', ['a', ...many]), input('mask', ['a', 'z'])])
  expect(paired).toMatchObject({
    ok: false,
    failure: {
      type: 'invalid-input',
      message:
        'The collections at the inputs do not hold the same names: only on "image": "1", "2", "3", "4", "5" and 2 more; only on "mask": "z".',
    },
  })
})

test('names that an earlier failure took away are passed over, and every other item keeps its place', () => {
  const left = input('image', ['a', 'b', 'c'], { partial: true })
  left.flow.items.splice(1, 1)
  const { groups } = groupsOf(left, input('mask', ['a', 'b', 'c']))
  expect(groups.map(({ name, index }) => [name, index])).toEqual([
    ['a', 0],
    ['c', 2],
  ])
})

test('ways that have no name in common any more make no group', () => {
  expect(groupsOf(input('image', ['a'], { partial: true }), input('mask', ['b'])).groups).toEqual([])
})

test('the name comes from the first picture, else from a named text, else from the node', () => {
  const text = (name: string, sourceId: string) =>
    input('prompt', [name], { many: false, type: 'text', sourceId })
  expect(groupsOf(text('p', 'p'), input('image', ['a.png'], { many: false })).groups[0]?.name).toBe('a.png')
  expect(groupsOf(text('rusty', 'p')).groups[0]?.name).toBe('rusty')
  expect(groupsOf(text('p', 'p')).groups[0]?.name).toBe('node')
})

test('every item of equal collections is used exactly once, whatever their order and doubles', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 12 })
  const shuffled = names.chain((one) =>
    fc.tuple(fc.constant(one), fc.shuffledSubarray(one, { minLength: one.length })),
  )
  fc.assert(
    fc.property(shuffled, ([one, other]) => {
      const { groups } = groupsOf(input('image', one), input('mask', other))
      expect(groups.map(({ name }) => name)).toEqual(one)
      for (const { inputs } of groups) expect(inputs['mask']?.name).toBe(inputs['image']?.name)
    }),
  )
})
