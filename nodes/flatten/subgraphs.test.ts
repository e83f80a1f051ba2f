/** Subgraphs unfold into what they stand for, however deep; what cannot be unfolded is refused before it is tried. */
import { expect, test } from 'vitest'
import {
  leftOf,
  other,
  photo,
  prepare,
  problemsOf,
  standsFor,
  subgraph,
  withNodes,
  type Lines,
} from './flatten.fixtures.ts'
import { testFolder, testGraph, testImage } from '../graph.fixtures.ts'
import type { GraphNode } from '../graph.ts'

/** in: photo, text, seed; out: image. */
const painter = subgraph(
  {
    photo: ['load-image', { image: photo }],
    words: ['prompt', { text: 'rust' }],
    mask: 'mask',
    paint: ['inpaint', { steps: 5 }],
  },
  [
    'photo.image > mask.image',
    'photo.image > paint.image',
    'mask.mask > paint.mask',
    'words.text > paint.prompt',
  ],
  {
    inputs: [
      { name: 'photo', nodeId: 'photo', field: 'image' },
      { name: 'text', nodeId: 'words', field: 'text' },
      { name: 'seed', nodeId: 'paint', field: 'seed' },
      { name: 'sampler', nodeId: 'paint', field: 'sampler' },
    ],
    outputs: [{ name: 'image', nodeId: 'paint', port: 'image' }],
  },
)
const withPainter = (nodes: Lines[0], edges: Lines[1] = [], rest: Lines[2] = {}) =>
  testGraph(nodes, edges, { ...rest, subgraphs: { painter, ...rest.subgraphs } })

test('a subgraph unfolds; what feeds it takes the place of its value nodes or reaches its params', () => {
  const graph = withPainter(
    {
      load: ['load-image', { image: other }],
      seed: ['number', { value: 7 }],
      draw: standsFor('painter', { text: 'dust', sampler: 'DDIM' }),
      save: 'save-to-gallery',
    },
    ['load.image > draw.photo', 'seed.number > draw.seed', 'draw.image > save.image'],
    { outputs: [{ name: 'result', nodeId: 'draw', port: 'image' }] },
  )
  expect(leftOf(graph)).toEqual({
    nodes: ['load', 'seed', 'draw/words', 'draw/mask', 'draw/paint', 'save'],
    edges: [
      'load.image > draw/mask.image',
      'load.image > draw/paint.image',
      'draw/mask.mask > draw/paint.mask',
      'draw/words.text > draw/paint.prompt',
      'seed.number > draw/paint.params.seed',
      'draw/paint.image > save.image',
    ],
    outputs: ['result: draw/paint.image'],
  })
  const prepared = prepare(graph)
  const paramsOf = (id: string) => prepared.ok && prepared.flat.nodes.find((node) => node.id === id)?.params
  expect(paramsOf('draw/words')).toEqual({ text: 'dust' })
  expect(paramsOf('draw/paint')).toEqual({ steps: 5, sampler: 'DDIM' })
})

test('without a feed a subgraph uses its values, and a folder may stand for a picture there too', () => {
  const prepared = prepare(withPainter({ draw: standsFor('painter', { photo: testFolder(3) }) }))
  expect(prepared).toMatchObject({ ok: true })
  expect(prepared.ok && prepared.flat.nodes[0]).toMatchObject({
    id: 'draw/photo',
    type: 'load-folder',
    params: { folder: { count: 3 } },
  })
})

test('subgraphs in subgraphs hand feeds and values on', () => {
  const twice = subgraph(
    { first: standsFor('painter'), second: standsFor('painter', { text: 'oil' }) },
    ['first.image > second.photo'],
    {
      inputs: [
        { name: 'from', nodeId: 'first', field: 'photo' },
        { name: 'says', nodeId: 'first', field: 'text' },
      ],
      outputs: [{ name: 'to', nodeId: 'second', port: 'image' }],
    },
  )
  const graph = withPainter(
    {
      load: ['load-image', { image: photo }],
      both: standsFor('twice', { says: 'dent' }),
      save: 'save-to-gallery',
    },
    ['load.image > both.from', 'both.to > save.image'],
    { subgraphs: { twice } },
  )
  const prepared = prepare(graph)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  expect(prepared.flat.nodes.map(({ id }) => id)).toEqual([
    'load',
    'both/first/words',
    'both/first/mask',
    'both/first/paint',
    'both/second/words',
    'both/second/mask',
    'both/second/paint',
    'save',
  ])
  expect(leftOf(graph).edges).toContain('both/first/paint.image > both/second/paint.image')
  expect(prepared.flat.nodes[1]?.params).toEqual({ text: 'dent' })
  expect(prepared.flat.nodes[4]?.params).toEqual({ text: 'oil' })
  expect(leftOf(graph, { only: ['both/first'] }).nodes).toEqual([
    'load',
    'both/first/words',
    'both/first/mask',
    'both/first/paint',
  ])
})

test('mute, bypass and pins work for a subgraph as for a node', () => {
  const graph = withPainter(
    { load: ['load-image', { image: photo }], draw: standsFor('painter'), save: 'save-to-gallery' },
    ['load.image > draw.photo', 'draw.image > save.image'],
  )
  expect(leftOf(withNodes(graph, { draw: { mode: 'muted' } })).nodes).toEqual(['load'])
  expect(leftOf(withNodes(graph, { draw: { mode: 'bypassed' } }))).toMatchObject({
    nodes: ['load', 'save'],
    edges: ['load.image > save.image'],
  })
  const pinned = { image: [{ name: 'part.png', value: testImage, index: 0 }] }
  const prepared = prepare(withNodes(graph, { draw: { pinned } }))
  expect(prepared.ok && prepared.flat.nodes).toMatchObject([{ id: 'draw/paint', pinned }, { id: 'save' }])
})

test('mute and frames count inside a subgraph, too', () => {
  const quiet = {
    ...painter,
    nodes: painter.nodes.map((node) => (node.id === 'mask' ? { ...node, mode: 'muted' as const } : node)),
  }
  const graph = testGraph(
    { draw: standsFor('quiet'), save: 'save-to-gallery' },
    ['draw.image > save.image'],
    { subgraphs: { quiet } },
  )
  expect(leftOf(graph).nodes).toEqual(['draw/photo', 'draw/words'])
})

test('an override may reach into a subgraph, and leaves another use of it as it was', () => {
  const graph = withPainter({ a: standsFor('painter'), b: standsFor('painter') })
  const prepared = prepare(graph, {
    params: { 'a/paint.steps': 9, 'b.text': 'dirt', 'a/paint.strength': 0.5 },
  })
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  const params = new Map(prepared.flat.nodes.map((node) => [node.id, node.params]))
  expect(params.get('a/paint')).toEqual({ steps: 9, strength: 0.5 })
  expect(params.get('b/paint')).toEqual({ steps: 5 })
  expect(params.get('b/words')).toEqual({ text: 'dirt' })
  expect(Object.keys(prepared.graph.subgraphs)).toEqual(['painter', 'painter-2'])
  // As it ran it can run again, with the same params.
  expect(prepare(prepared.graph)).toEqual(prepared)
  expect(graph.subgraphs).toEqual({ painter })
})

test.each(['a/ghost.steps', 'a/paint.ghost', 'a/paint/more.steps', 'a.ghost', 'a/.steps', '/paint.steps'])(
  'an override of "%s" is refused',
  (path) => {
    expect(problemsOf(withPainter({ a: standsFor('painter') }), { params: { [path]: 1 } })).toMatchObject([
      { code: 'bad-param', field: path },
    ])
  },
)

test('a declared input of the graph may be an input of a subgraph', () => {
  const graph = withPainter({ draw: standsFor('painter') }, [], {
    inputs: [{ name: 'part', nodeId: 'draw', field: 'photo' }],
  })
  const prepared = prepare(graph, { inputs: { part: other } })
  expect(prepared.ok && prepared.flat.nodes[0]?.params).toEqual({ image: other })
  const wrong = { ...graph, inputs: [{ name: 'part', nodeId: 'draw', field: 'ghost' }] }
  expect(problemsOf(wrong)).toMatchObject([{ code: 'unknown-graph-input', nodeId: 'draw', field: 'ghost' }])
})

const looped = (name: string) => subgraph({ again: standsFor(name) })

test.each<[string, Lines, object]>([
  ['a subgraph that is not there', [{ x: standsFor('toString') }], { code: 'unknown-subgraph', nodeId: 'x' }],
  ['a node that names no subgraph', [{ x: ['subgraph', { graphId: 'g' }] }], { code: 'unknown-subgraph' }],
  [
    'an edge into an input that is not declared',
    [{ load: ['load-image', { image: photo }], x: standsFor('painter') }, ['load.image > x.ghost']],
    { code: 'unknown-port', nodeId: 'x', edgeId: 'load.image > x.ghost' },
  ],
  [
    'an edge into an input that only a form can set',
    [{ words: 'prompt', x: standsFor('painter') }, ['words.text > x.sampler']],
    { code: 'unknown-port', nodeId: 'x' },
  ],
  [
    'an edge out of an output that is not declared',
    [{ x: standsFor('painter'), save: 'save-to-gallery' }, ['x.mask > save.image']],
    { code: 'unknown-port', nodeId: 'save' },
  ],
  [
    'an edge of another type into an input',
    [{ words: 'prompt', x: standsFor('painter') }, ['words.text > x.photo']],
    { code: 'type-mismatch', nodeId: 'x', edgeId: 'words.text > x.photo' },
  ],
  [
    'a value for an input that is not declared',
    [{ x: standsFor('painter', { ghost: 1 }) }],
    { code: 'unknown-graph-input', nodeId: 'x', field: 'ghost' },
  ],
  [
    'a value that the param inside does not take',
    [{ x: standsFor('painter', { sampler: 'Magic' }) }],
    { code: 'bad-param', nodeId: 'x/paint', field: 'sampler' },
  ],
  [
    'an edge into a param that none may feed',
    [{ n: 'number', p: 'prompt', t: 'text-to-image' }, ['p.text > t.prompt', 'n.number > t.params.count']],
    { code: 'unknown-port', nodeId: 't', message: expect.stringContaining('"count"') },
  ],
  [
    'a text into a param that is a number',
    [{ p: 'prompt', t: 'text-to-image' }, ['p.text > t.prompt', 'p.text > t.params.seed']],
    { code: 'type-mismatch', nodeId: 't' },
  ],
])('reports %s once', (_what, [nodes, edges], problem) => {
  const found = problemsOf(withPainter(nodes, edges))
  expect(found).toHaveLength(1)
  expect(found[0]).toMatchObject(problem)
})

test('subgraphs that contain each other are a cycle, and the path is told', () => {
  const graph = testGraph({ x: standsFor('a') }, [], { subgraphs: { a: looped('b'), b: looped('a') } })
  expect(problemsOf(graph)).toMatchObject([
    { code: 'cycle', nodeId: 'x/again/again', message: expect.stringContaining('a → b → a') },
  ])
})

test('a cycle that only unfolding shows is found, also one through nothing but inputs', () => {
  // From the outside a → b → a is a cycle; inside, one way leads through a node and the other does not meet it.
  const ways = subgraph(
    { p: ['load-image', { image: photo }], q: ['load-image', { image: photo }], up: 'upscale' },
    ['p.image > up.image'],
    {
      inputs: [
        { name: 'p', nodeId: 'p', field: 'image' },
        { name: 'q', nodeId: 'q', field: 'image' },
      ],
      outputs: [
        { name: 'up', nodeId: 'up', port: 'image' },
        { name: 'q', nodeId: 'q', port: 'image' },
      ],
    },
  )
  const graph = (edges: string[]) =>
    testGraph({ load: ['load-image', { image: photo }], a: standsFor('ways'), b: standsFor('ways') }, edges, {
      subgraphs: { ways },
    })
  expect(leftOf(graph(['load.image > a.q', 'a.q > b.p', 'b.up > a.p'])).edges).toEqual([
    'b/up.image > a/up.image',
    'load.image > b/up.image',
  ])
  expect(problemsOf(graph(['a.up > b.p', 'b.up > a.p']))).toMatchObject([
    { code: 'cycle', nodeId: 'a/up' },
    { code: 'cycle', nodeId: 'b/up' },
  ])
  const idle = graph(['a.q > b.q', 'b.q > a.q', 'a.q > b.p'])
  expect(problemsOf(idle)).toMatchObject([{ code: 'cycle' }])
})

test('two inputs of a subgraph cannot feed one param', () => {
  const both = {
    ...painter,
    inputs: [
      { name: 'one', nodeId: 'paint', field: 'seed' },
      { name: 'two', nodeId: 'paint', field: 'seed' },
    ],
    edges: [
      ...painter.edges,
      { id: 'e', source: 'n', sourceHandle: 'number', target: 'paint', targetHandle: 'params.seed' },
    ],
    nodes: [...painter.nodes, { id: 'n', type: 'number', position: { x: 0, y: 0 }, params: {} }],
  }
  const graph = testGraph({ n: 'number', x: standsFor('both') }, ['n.number > x.one'], {
    subgraphs: { both },
  })
  expect(problemsOf(graph)).toMatchObject([{ code: 'input-taken', nodeId: 'x/paint' }])
})

test('more nodes than one run may have are refused once they are unfolded, however they are folded', () => {
  const many = (type: string | [string, GraphNode['params']], count: number): Lines[0] =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, type]))
  const sheet = subgraph(many('prompt', 23))
  const parallel = testGraph(many(standsFor('sheet'), 87), [], { subgraphs: { sheet } })
  expect(problemsOf(parallel)).toMatchObject([
    { code: 'graph-too-large', message: expect.stringContaining('2001') },
  ])
  // More than a billion, without anybody waiting for them.
  const bomb = testGraph(many(standsFor('a'), 400), [], {
    subgraphs: { a: subgraph(many(standsFor('b'), 400)), b: subgraph(many(standsFor('c'), 400)), c: sheet },
  })
  expect(problemsOf(bomb)).toMatchObject([{ code: 'graph-too-large' }])
})

test('subgraphs may lie in each other only so deep', () => {
  const subgraphs = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [`s${index}`, looped(`s${index + 1}`)]),
  )
  expect(problemsOf(testGraph({ x: standsFor('s0') }, [], { subgraphs }))).toMatchObject([
    { code: 'graph-too-large', message: expect.stringContaining('deep') },
  ])
})
