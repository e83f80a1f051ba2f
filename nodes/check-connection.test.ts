/** An edge is refused with its reason, or allowed: what the editor shows while one drags. */
import { expect, test } from 'vitest'
import { checkConnection } from './check-connection.ts'
import { testGraph } from './graph.fixtures.ts'

const graph = testGraph(
  { load: 'load-image', text: 'prompt', mask: 'mask', paint: 'inpaint', again: 'inpaint' },
  ['load.image > mask.image', 'paint.image > again.image'],
)

function refusal(line: string) {
  const [source = '', sourceHandle = '', target = '', targetHandle = ''] = line.split(/ > |\./)
  return checkConnection(graph, { source, sourceHandle, target, targetHandle })
}

test.each([['load.image > paint.image'], ['mask.mask > paint.mask'], ['text.text > paint.prompt']])(
  'allows %s',
  (line) => expect(refusal(line)).toBeNull(),
)

test.each([
  ['nobody.image > paint.image', 'unknown-node'],
  ['load.image > nobody.image', 'unknown-node'],
  ['load.picture > paint.image', 'unknown-port'],
  ['load.image > paint.picture', 'unknown-port'],
  ['load.constructor > paint.image', 'unknown-port'],
  ['load.image > paint.toString', 'unknown-port'],
  ['load.image > paint.prompt', 'type-mismatch'],
  ['load.image > again.image', 'input-taken'],
  ['paint.image > paint.image', 'cycle'],
  ['again.image > paint.image', 'cycle'],
])('refuses %s: %s', (line, code) => {
  expect(refusal(line)).toMatchObject({
    code,
    message: expect.stringMatching(/\.$/),
    remedy: expect.stringMatching(/\.$/),
  })
})

test('says in words which types do not fit', () => {
  expect(refusal('load.image > paint.prompt')?.message).toBe('An image cannot enter a text port.')
})
