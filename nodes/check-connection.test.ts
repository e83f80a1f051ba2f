/** An edge is refused with its reason, or allowed: what the editor shows while one drags. */
import { expect, test } from 'vitest'
import { checkConnection } from './check-connection.ts'
import { testGraph } from './graph.fixtures.ts'

const inner = {
  title: '',
  ...testGraph({ load: 'load-image', up: 'upscale' }, ['load.image > up.image']),
  inputs: [
    { name: 'part', nodeId: 'load', field: 'image' },
    { name: 'factor', nodeId: 'up', field: 'factor' },
  ],
  outputs: [{ name: 'large', nodeId: 'up', port: 'image' }],
}
const graph = testGraph(
  {
    load: 'load-image',
    text: 'prompt',
    seed: 'number',
    mask: 'mask',
    paint: 'inpaint',
    again: 'inpaint',
    sub: ['subgraph', { subgraph: 'inner' }],
    lost: ['subgraph', { subgraph: 'ghost' }],
  },
  ['load.image > mask.image', 'paint.image > again.image', 'seed.number > again.params.seed'],
  { subgraphs: { inner } },
)

function refusal(line: string) {
  const [from = '', to = ''] = line.split(' > ')
  const [source, sourceHandle] = atDot(from)
  const [target, targetHandle] = atDot(to)
  return checkConnection(graph, { source, sourceHandle, target, targetHandle })
}

function atDot(words: string): [string, string] {
  const dot = words.indexOf('.')
  return [words.slice(0, dot), words.slice(dot + 1)]
}

test.each([
  ['load.image > paint.image'],
  ['mask.mask > paint.mask'],
  ['text.text > paint.prompt'],
  ['seed.number > paint.params.seed'],
  ['seed.number > paint.params.strength'],
  ['text.text > paint.params.negativePrompt'],
  ['load.image > sub.part'],
  ['sub.large > paint.image'],
])('allows %s', (line) => expect(refusal(line)).toBeNull())

test.each([
  ['nobody.image > paint.image', 'unknown-node'],
  ['load.image > nobody.image', 'unknown-node'],
  ['load.picture > paint.image', 'unknown-port'],
  ['load.image > paint.picture', 'unknown-port'],
  ['load.constructor > paint.image', 'unknown-port'],
  ['load.image > paint.toString', 'unknown-port'],
  ['load.image > paint.prompt', 'type-mismatch'],
  ['load.image > again.image', 'input-taken'],
  ['seed.number > again.params.seed', 'input-taken'],
  ['seed.number > paint.params.count', 'unknown-port'],
  ['seed.number > paint.params.toString', 'unknown-port'],
  ['seed.number > paint.prompt', 'type-mismatch'],
  ['text.text > paint.params.seed', 'type-mismatch'],
  ['load.image > paint.params.seed', 'type-mismatch'],
  ['text.text > sub.part', 'type-mismatch'],
  ['seed.number > sub.factor', 'unknown-port'],
  ['load.image > sub.ghost', 'unknown-port'],
  ['sub.image > paint.image', 'unknown-port'],
  ['load.image > lost.part', 'unknown-port'],
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
