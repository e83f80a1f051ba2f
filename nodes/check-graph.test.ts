/** Every way in which a graph cannot run is found, with the node, the field and a remedy. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkGraph } from './check-graph.ts'
import { testGraph, testImage } from './graph.fixtures.ts'
import type { Graph } from './graph.ts'

const load: [string, { image: typeof testImage & { name: string } }] = [
  'load-image',
  { image: { ...testImage, name: 'part.png' } },
]
const problems = (...args: Parameters<typeof testGraph>) => checkGraph(testGraph(...args))

test('finds nothing wrong with a graph that can run', () => {
  expect(problems({ load, defect: 'draw-defect' }, ['load.image > defect.image'])).toEqual([])
})

test.each<[string, Parameters<typeof testGraph>, object]>([
  ['no node at all', [{}], { code: 'empty-graph' }],
  ['an unknown type', [{ x: 'teleport' }], { code: 'unknown-type', nodeId: 'x' }],
  ['the name of a built-in property as type', [{ x: 'constructor' }], { code: 'unknown-type', nodeId: 'x' }],
  [
    'a param out of range',
    [{ load, d: ['draw-defect', { size: 7 }] }, ['load.image > d.image']],
    { code: 'bad-param', nodeId: 'd', field: 'size' },
  ],
  [
    'a prompt of 10 kB',
    [{ p: ['prompt', { text: 'x'.repeat(10_000) }] }],
    { code: 'bad-param', nodeId: 'p', field: 'text', message: expect.stringContaining('2000') },
  ],
  [
    'an image that is not chosen',
    [{ load: 'load-image' }],
    { code: 'missing-param', nodeId: 'load', field: 'image' },
  ],
  [
    'an input that is not connected',
    [{ d: 'draw-defect' }],
    { code: 'missing-input', nodeId: 'd', field: 'image' },
  ],
  [
    'an edge between types that do not fit',
    [{ load, t: 'text-to-image' }, ['load.image > t.prompt']],
    { code: 'type-mismatch', nodeId: 't', edgeId: 'load.image > t.prompt' },
  ],
  [
    'two edges into one input',
    [{ a: load, b: load, d: 'draw-defect' }, ['a.image > d.image', 'b.image > d.image']],
    { code: 'input-taken', nodeId: 'd', edgeId: 'b.image > d.image' },
  ],
  [
    'a graph input for a param that does not exist',
    [{ load }, [], { inputs: [{ name: 'photo', nodeId: 'load', field: 'toString' }] }],
    { code: 'unknown-graph-input', nodeId: 'load' },
  ],
  [
    'a graph output for a port that does not exist',
    [{ load }, [], { outputs: [{ name: 'result', nodeId: 'load', port: 'valueOf' }] }],
    { code: 'unknown-graph-output', nodeId: 'load' },
  ],
  [
    'two graph inputs of one name',
    [
      { a: load, b: load },
      [],
      {
        inputs: [
          { name: 'photo', nodeId: 'a', field: 'image' },
          { name: 'photo', nodeId: 'b', field: 'image' },
        ],
      },
    ],
    { code: 'duplicate-id', field: 'photo' },
  ],
])('reports %s once', (_what, args, problem) => {
  expect(problems(...args)).toEqual([expect.objectContaining(problem)])
})

test('reports two nodes with one id', () => {
  const graph = testGraph({ load })
  expect(checkGraph({ ...graph, nodes: [...graph.nodes, ...graph.nodes] })).toEqual([
    expect.objectContaining({ code: 'duplicate-id', nodeId: 'load' }),
  ])
})

test('names the nodes of a cycle, and neither those behind it nor those between two cycles', () => {
  const cleanUps = Object.fromEntries(['a', 'b', 'between', 'c', 'd', 'behind'].map((id) => [id, 'clean-up']))
  const found = problems({ load, m: 'mask', ...cleanUps }, [
    'load.image > m.image',
    ...Object.keys(cleanUps).map((id) => `m.mask > ${id}.mask`),
    ...['b > a', 'a > b', 'b > between', 'd > c', 'c > d', 'd > behind'].map(
      (pair) => pair.replace(' >', '.image >') + '.image',
    ),
  ])
  expect(found.filter(({ code }) => code === 'cycle').map(({ nodeId }) => nodeId)).toEqual([
    'a',
    'b',
    'c',
    'd',
  ])
})

test('checks the largest graph that can be saved without a noticeable wait', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `n${index}`)
  const nodes = Object.fromEntries(ids.map((id) => [id, 'inpaint']))
  const edges = ids.slice(1).map((id, index) => `n${index}.image > ${id}.image`)
  expect(problems(nodes, edges).every(({ code }) => code === 'missing-input')).toBe(true)
})

test('never throws, whatever ids, types and ports a graph names', () => {
  const word = fc.constantFrom(
    'load',
    'x',
    'constructor',
    '__proto__',
    'toString',
    'subgraph',
    'params.seed',
    'image',
    'mask',
    'inpaint',
    'prompt',
  )
  const body = {
    nodes: fc.array(
      fc.record(
        {
          id: word,
          type: word,
          position: fc.constant({ x: 0, y: 0 }),
          params: fc.oneof(
            fc.dictionary(word, fc.jsonValue()),
            fc.record({ subgraph: word, values: fc.dictionary(word, fc.jsonValue()) }),
          ),
          mode: fc.constantFrom('muted', 'bypassed'),
          frameId: word,
          pinned: fc.dictionary(word, fc.array(fc.constant({ name: 'a', value: 'b', index: 0 }))),
        },
        { requiredKeys: ['id', 'type', 'position', 'params'] },
      ),
      { maxLength: 5 },
    ),
    edges: fc.array(
      fc.record({ id: word, source: word, sourceHandle: word, target: word, targetHandle: word }),
      { maxLength: 8 },
    ),
    inputs: fc.array(fc.record({ name: word, nodeId: word, field: word }), { maxLength: 2 }),
    outputs: fc.array(fc.record({ name: word, nodeId: word, port: word }), { maxLength: 2 }),
    frames: fc.array(
      fc.record({
        id: word,
        title: word,
        position: fc.constant({ x: 0, y: 0 }),
        size: fc.constant({ width: 1, height: 1 }),
        off: fc.boolean(),
      }),
      { maxLength: 2 },
    ),
  }
  const graph = fc.record({
    formatVersion: fc.constant(3 as const),
    ...body,
    subgraphs: fc.dictionary(word, fc.record({ title: word, ...body }), { maxKeys: 3 }),
  })
  const Json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  fc.assert(
    fc.property(graph, (drawn) => {
      const found = checkGraph(drawn as Graph)
      expect(Json(found)).toEqual(found)
    }),
  )
})
