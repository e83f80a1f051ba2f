/** JSON from elsewhere is refused, however deep it is, before anybody walks it by recursion. */
import { expect, test } from 'vitest'
import { JsonValue } from './json-value.ts'
import { readGraph } from './migrate-graph.ts'

function nested(depth: number): unknown {
  let value: unknown = 'inmost'
  for (let level = 0; level < depth; level++) value = level % 2 ? [value] : { in: value }
  return value
}

test('values of every kind pass, what JSON cannot write does not', () => {
  for (const value of [null, true, 1.5, 'text', [], {}, { a: [1, { b: null }] }, nested(64)])
    expect(JsonValue.safeParse(value).success).toBe(true)
  for (const value of [undefined, Infinity, NaN, 1n, () => 0, [undefined], { a: Symbol('a') }])
    expect(JsonValue.safeParse(value).success).toBe(false)
})

test('a param that is nested without end makes the graph unreadable, and nothing breaks', () => {
  const node = { id: 'a', type: 'prompt', position: { x: 0, y: 0 }, params: { text: nested(200_000) } }
  const read = readGraph({ formatVersion: 2, nodes: [node], edges: [] })
  expect(read).toMatchObject({ ok: false, problems: [{ field: 'nodes.0.params.text' }] })
})
