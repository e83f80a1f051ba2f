/** `name=value` arguments. */
import { expect, test } from 'vitest'
import { parseAssignments, parseParamValue } from './assignments.ts'

test('splits at the first equals sign', () => {
  expect([...parseAssignments('--input', ['photo=a=b.jpg'])]).toEqual([['photo', 'a=b.jpg']])
})

test.each([[['photo']], [['=x']], [['a=1', 'a=2']]])('refuses %j', (given) => {
  expect(() => parseAssignments('--input', given)).toThrow(/--input/)
})

test.each([
  ['0.5', 0.5],
  ['true', true],
  ['null', null],
  ['a prompt, with words', 'a prompt, with words'],
  ['"quoted"', 'quoted'],
])('reads %s', (text, value) => {
  expect(parseParamValue(text)).toEqual(value)
})
