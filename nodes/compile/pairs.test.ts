/** Lists that meet must have the same names: what will not pair is listed before anything runs. */
import { describe, expect, test } from 'vitest'
import { testGraph } from '../graph.fixtures.ts'
import type { GraphNode } from '../graph.ts'
import { testNames, testPlan, testProblems } from '../plan.fixtures.ts'
import { folder, lists, photo, type Nodes } from './lists.fixtures.ts'

const itemsOf = (...args: Parameters<typeof testPlan>) =>
  Object.fromEntries(testPlan(...args).nodes.map((node) => [node.id, node.items]))

describe('pairs', () => {
  const graph = (nodes: Nodes = {}, edges: string[] = []) =>
    testGraph({ a: folder(3), b: folder(3), m: 'mask', paint: 'draw-defect', ...nodes }, [
      'a.image > paint.image',
      'b.image > m.image',
      'm.mask > paint.place',
      ...edges,
    ])

  test('of the same names are counted once, in whatever order', () => {
    const facts = lists({ a: ['x.png', 'y.png', 'z.png'], b: ['z.png', 'x.png', 'y.png'] })
    expect(itemsOf(graph(), {}, facts)).toEqual({ a: 3, b: 3, m: 3, paint: 3 })
  })

  test('of other names are listed, five on each side and how many more', () => {
    const own = Array.from({ length: 7 }, (_, index) => `own-${index}.png`)
    const facts = lists({ a: ['x.png', ...own], b: ['x.png', 'y.png'] })
    expect(testProblems(graph(), {}, facts)).toEqual([
      {
        code: 'names-differ',
        nodeId: 'paint',
        field: 'place',
        message:
          'The collections at the inputs do not hold the same names: only on "image": "own-0.png", "own-1.png", ' +
          '"own-2.png", "own-3.png", "own-4.png" and 2 more; only on "place": "y.png".',
        remedy: 'Connect collections that come from the same folder, or rename the files so that they match.',
      },
    ])
  })

  test('may lack names behind a branch, but not all of them', () => {
    const branched = (params: GraphNode['params'] = {}) =>
      testGraph({ a: folder(3), which: ['if', params], paint: 'draw-defect', m: 'mask', b: folder(3) }, [
        'a.image > which.image',
        'which.yes > paint.image',
        'b.image > m.image',
        'm.mask > paint.place',
      ])
    expect(itemsOf(branched(), {}, lists({ a: ['x', 'y', 'z'], b: ['y', 'z'] }))).toMatchObject({ paint: 2 })
    expect(testProblems(branched(), {}, lists({ a: ['x', 'y'], b: ['p', 'q'] }))).toMatchObject([
      { code: 'names-differ', nodeId: 'paint' },
    ])
  })

  test('with what was made of the same list fit, also when each became several', () => {
    const fanned = testGraph(
      {
        a: folder(4),
        text: 'prompt',
        redraw: ['image-to-image', { count: 3 }],
        cut: 'remove-background',
        paint: 'draw-defect',
      },
      [
        'a.image > redraw.image',
        'text.text > redraw.prompt',
        'redraw.image > cut.image',
        'redraw.image > paint.image',
        'cut.mask > paint.place',
      ],
    )
    expect(itemsOf(fanned)).toEqual({ a: 4, text: 1, redraw: 4, cut: 12, paint: 12 })
    // The names of the four are not those of the twelve.
    const crossed = {
      ...fanned,
      edges: fanned.edges.map((edge) => (edge.id.includes('> cut') ? { ...edge, source: 'a' } : edge)),
    }
    expect(testProblems(crossed)).toMatchObject([
      { code: 'names-differ', nodeId: 'paint', message: expect.stringContaining('"part-0-1.png"') },
    ])
  })

  test('of several pictures from one fit by the numbers they get', () => {
    const two = (count: number) =>
      testGraph(
        {
          load: photo,
          text: 'prompt',
          a: ['image-to-image', { count: 3 }],
          b: ['image-to-image', { count }],
          cut: 'remove-background',
          paint: 'draw-defect',
        },
        [
          ...['a', 'b'].flatMap((id) => [`load.image > ${id}.image`, `text.text > ${id}.prompt`]),
          'b.image > cut.image',
          'a.image > paint.image',
          'cut.mask > paint.place',
        ],
      )
    expect(itemsOf(two(3))).toMatchObject({ paint: 3 })
    expect(testProblems(two(4))).toMatchObject([
      { code: 'names-differ', message: expect.stringContaining('only on "place": "part-4.png"') },
    ])
  })

  test('of the names of each node are what a run will call them: seeds of a grid go with one picture', () => {
    const graph = testGraph(
      {
        load: photo,
        text: 'prompt',
        grid: ['parameter-grid', { seeds: '1-5' }],
        redraw: 'image-to-image',
        cut: 'remove-background',
        paint: 'draw-defect',
      },
      [
        'load.image > redraw.image',
        'text.text > redraw.prompt',
        'grid.seed > redraw.params.seed',
        'redraw.image > cut.image',
        'redraw.image > paint.image',
        'cut.mask > paint.place',
      ],
    )
    const facts = lists({ grid: ['p1', 'p2', 'p3', 'p4', 'p5'] })
    const plan = testPlan(graph, {}, { ...facts, drawSeed: () => 9 })
    expect(plan.nodes.map(({ id, items }) => [id, items])).toEqual([
      ['grid', 5],
      ['load', 1],
      ['text', 1],
      ['redraw', 5],
      ['cut', 5],
      ['paint', 5],
    ])
    const redraw = plan.nodes.find(({ id }) => id === 'redraw')
    expect(redraw?.inputs).toEqual({
      image: { nodeId: 'load', port: 'image' },
      prompt: { nodeId: 'text', port: 'text' },
      'params.seed': { nodeId: 'grid', port: 'seed' },
    })
    // What an edge feeds is not drawn.
    expect(redraw?.params['seed']).toBeNull()
  })
})

test('the same two long lists that meet at many nodes are compared once', () => {
  const ids = Array.from({ length: 200 }, (_, index) => `${index}`)
  const graph = testGraph(
    {
      a: folder(2),
      b: folder(2),
      m: 'mask',
      ...Object.fromEntries(ids.map((id) => [id, 'draw-defect'])),
    },
    ['b.image > m.image', ...ids.flatMap((id) => [`a.image > ${id}.image`, `m.mask > ${id}.place`])],
  )
  let asked = 0
  const names = testNames(20_000)
  const counting = new Proxy(names, {
    get(list, field): unknown {
      if (field === 'map' || field === Symbol.iterator) asked += 1
      return Reflect.get(list, field)
    },
  })
  const facts = lists({ a: names, b: names })
  const b = facts.lists.get('b')
  if (!b) throw new Error('There is no list.')
  const both = new Map([...facts.lists, ['b', { ...b, names: counting }] as const])
  expect(testPlan(graph, {}, { lists: both }).segments).toMatchObject([{ items: 20_000 }])
  expect(asked).toBe(1)
})
