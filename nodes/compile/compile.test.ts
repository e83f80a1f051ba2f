/** Names are followed through a graph before it runs: pairs that do not fit are listed, batches found, limits kept. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PlanFacts } from './plan-facts.ts'
import { testFolder, testGraph, testImage } from '../graph.fixtures.ts'
import type { GraphNode } from '../graph.ts'
import { testNames, testPlan, testProblems } from '../plan.fixtures.ts'
import { defaultPrices } from '../prices.ts'

type Nodes = Parameters<typeof testGraph>[0]

const folder = (count: number): [string, GraphNode['params']] => [
  'load-folder',
  { folder: testFolder(count) },
]
const photo: [string, GraphNode['params']] = ['load-image', { image: { ...testImage, name: 'part.png' } }]

/** Lists by node; each has a key of its own. */
function lists(names: Record<string, readonly string[]>): Pick<PlanFacts, 'lists'> {
  const of = Object.entries(names).map(([id, list], index) => {
    const { name: _name, ...collection } = testFolder(list.length)
    return [
      id,
      { collection: { ...collection, key: `${index}`.repeat(64).slice(0, 64) }, names: list },
    ] as const
  })
  return { lists: new Map(of) }
}

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
  const names = testNames(50_000)
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
  expect(testPlan(graph, {}, { lists: both }).segments).toMatchObject([{ items: 50_000 }])
  expect(asked).toBe(1)
})

describe('batches', () => {
  const chain = (count: number, rest: Nodes = {}, edges: string[] = []) =>
    testGraph({ load: folder(count), a: 'draw-defect', b: 'upscale', save: 'save-to-gallery', ...rest }, [
      'load.image > a.image',
      'a.image > b.image',
      'b.image > save.image',
      'a.mask > save.mask',
      ...edges,
    ])

  test('begin above a hundred items: below them everything goes item by item', () => {
    expect(testPlan(chain(100)).segments).toEqual([])
    const plan = testPlan(chain(101))
    expect(plan.segments).toEqual([{ id: 's1', nodeIds: ['load', 'a', 'b', 'save'], items: 101 }])
    expect(plan.nodes.map(({ segment }) => segment)).toEqual(['s1', 's1', 's1', 's1'])
    expect(plan.quote).toBe(202)
  })

  test('of ten thousand are one segment of a short plan', () => {
    const plan = testPlan(chain(10_000))
    expect(plan.segments).toMatchObject([{ items: 10_000 }])
    expect(JSON.stringify(plan).length).toBeLessThan(4000)
  })

  test('leave out what goes item by item, and begin where one item becomes many', () => {
    const plan = testPlan(
      testGraph(
        {
          load: folder(60),
          text: 'prompt',
          redraw: ['image-to-image', { count: 2 }],
          cut: 'remove-background',
        },
        ['load.image > redraw.image', 'text.text > redraw.prompt', 'redraw.image > cut.image'],
      ),
    )
    expect(plan.segments).toEqual([{ id: 's1', nodeIds: ['cut'], items: 120 }])
  })

  test('end at a node that takes wholes; behind it another begins', () => {
    const plan = testPlan(
      testGraph(
        {
          load: folder(500),
          defect: 'draw-defect',
          judge: 'review',
          few: ['limit', { count: 300 }],
          up: 'upscale',
          save: 'save-to-gallery',
          tiny: ['limit', { count: 10 }],
          cut: 'remove-background',
        },
        [
          'load.image > defect.image',
          'defect.image > judge.image',
          'judge.accepted > few.image',
          'few.image > up.image',
          'up.image > save.image',
          'defect.mask > save.mask',
          'judge.rejected > tiny.image',
          'tiny.image > cut.image',
        ],
      ),
    )
    expect(plan.segments).toEqual([
      { id: 's1', nodeIds: ['load', 'defect'], items: 500 },
      { id: 's2', nodeIds: ['up', 'save'], items: 500 },
    ])
    const items = Object.fromEntries(plan.nodes.map((node) => [node.id, node.items]))
    expect(items).toEqual({ load: 500, defect: 500, judge: 1, few: 1, tiny: 1, up: 300, save: 300, cut: 10 })
    expect(plan.quote).toBe(500 + 300 + 10)
  })

  test('of several lists need the same names; others are refused with both named', () => {
    const two = testGraph({ a: folder(150), b: folder(150), m: 'mask', paint: 'draw-defect' }, [
      'a.image > paint.image',
      'b.image > m.image',
      'm.mask > paint.place',
    ])
    const names = testNames(150)
    expect(testPlan(two, {}, lists({ a: names, b: names.toReversed() })).segments).toMatchObject([
      { nodeIds: ['a', 'b', 'm', 'paint'] },
    ])
    // Both ends of this batch hold the same twelve hundred names, but one list has only half as many.
    const fanned = testGraph(
      {
        a: folder(600),
        text: 'prompt',
        redraw: ['image-to-image', { count: 2 }],
        b: folder(1200),
        m: 'mask',
        paint: 'draw-defect',
      },
      [
        'a.image > redraw.image',
        'text.text > redraw.prompt',
        'redraw.image > paint.image',
        'b.image > m.image',
        'm.mask > paint.place',
      ],
    )
    const halves = testNames(600).flatMap((name) => [1, 2].map((n) => name.replace('.png', `-${n}.png`)))
    expect(testProblems(fanned, {}, lists({ a: testNames(600), b: halves }))).toMatchObject([
      { code: 'cannot-batch', message: expect.stringContaining('"Load folder" and "Load folder"') },
    ])
  })

  test('that do not touch are two', () => {
    const plan = testPlan(
      testGraph({ a: folder(101), x: 'upscale', b: folder(102), y: 'upscale' }, [
        'a.image > x.image',
        'b.image > y.image',
      ]),
    )
    expect(plan.segments).toEqual([
      { id: 's1', nodeIds: ['a', 'x'], items: 101 },
      { id: 's2', nodeIds: ['b', 'y'], items: 102 },
    ])
  })
})

describe('a plan', () => {
  const graph = testGraph(
    { load: photo, text: 'prompt', paint: ['image-to-image', { count: 2 }], clean: 'clean-up', m: 'mask' },
    [
      'load.image > paint.image',
      'text.text > paint.prompt',
      'paint.image > m.image',
      'm.mask > clean.mask',
      'paint.image > clean.image',
    ],
  )
  const nodeOf = (id: string, ...args: Parameters<typeof testPlan>) =>
    testPlan(...args).nodes.find((node) => node.id === id)

  test('takes its prices from the list that it is given', () => {
    const facts = { prices: { ...defaultPrices, image: 5 }, priceVersion: 3 }
    expect(testPlan(graph, {}, facts)).toMatchObject({ quote: 2 * 5 + 2 * 5, priceVersion: 3 })
  })

  test('names the model that a node uses with its digest, and none that its form hides', () => {
    const models = new Map([
      ['starter', { digest: 'abc' }],
      ['lama', { digest: null }],
    ])
    expect(nodeOf('paint', graph, {}, { models })).toMatchObject({ model: 'starter', modelDigest: 'abc' })
    expect(nodeOf('clean', graph, {}, { models })).toMatchObject({ model: null, modelDigest: null })
    const lama = { params: { 'clean.method': 'lama' } }
    expect(nodeOf('clean', graph, lama, { models })).toMatchObject({ model: 'lama', modelDigest: null })
  })

  test('keeps the seeds of the run that it takes up, and draws the others', () => {
    const seeds = new Map([['paint.seed', 5]])
    const plan = testPlan(graph, {}, { seeds, carryFrom: 'r1', fresh: true })
    expect(plan.nodes.map(({ id, params }) => [id, params['seed']])).toEqual(
      expect.arrayContaining([
        ['paint', 5],
        ['clean', 42],
        ['m', 42],
      ]),
    )
    expect(plan).toMatchObject({ carryFrom: 'r1', fresh: true })
  })

  test('draws no seed that has no effect', () => {
    const drawn = { mode: 'drawn', drawn: { ...testImage, name: 'm.png' } }
    const still = testGraph({ load: photo, m: ['mask', drawn] }, ['load.image > m.image'])
    const drawSeed = () => {
      throw new Error('No seed was asked for.')
    }
    expect(nodeOf('m', still, {}, { drawSeed })?.params['seed']).toBeNull()
  })

  test('says what happens when a node fails, and how often it is tried', () => {
    const careful = {
      ...graph,
      nodes: graph.nodes.map((node) =>
        node.id === 'paint' ? { ...node, onFailure: 'fail-run' as const, attempts: 2 } : node,
      ),
    }
    expect(nodeOf('paint', careful)).toMatchObject({ onFailure: 'fail-run', attempts: 2, fanOut: 2 })
    expect(nodeOf('clean', careful)).toMatchObject({
      onFailure: 'skip-dependents',
      attempts: null,
      fanOut: 1,
    })
  })

  test('has pinned results numbered, costs nothing for them, and does not ask whether they could be made', () => {
    const pinned = {
      image: [
        { name: 'a.png', value: testImage, index: 9 },
        { name: 'b.png', value: testImage, index: 9 },
      ],
    }
    const held = {
      ...graph,
      nodes: graph.nodes.map((node) =>
        node.id === 'paint' ? { ...node, pinned, params: { count: 999 } } : node,
      ),
    }
    expect(nodeOf('paint', held)).toMatchObject({
      inputs: {},
      items: 1,
      segment: null,
      pinned: {
        image: [
          { name: 'a.png', index: 0 },
          { name: 'b.png', index: 1 },
        ],
      },
    })
    expect(testPlan(held)).toMatchObject({ quote: 2 })
    expect(nodeOf('clean', held)).toMatchObject({ items: 2 })
  })

  test('is refused for a source that nobody could list', () => {
    const s3 = testGraph({ s3: ['load-s3', { bucket: 'line2' }] })
    expect(testProblems(s3)).toMatchObject([{ code: 'missing-list', nodeId: 's3' }])
  })

  test('is refused when its params would not fit into a run, however they are spread', () => {
    fc.assert(
      fc.property(fc.integer({ min: 170, max: 400 }), (count) => {
        const text = '界'.repeat(2000)
        const nodes: Nodes = {}
        for (let index = 0; index < count; index++) nodes[`p${index}`] = ['prompt', { text }]
        const found = testProblems(testGraph(nodes))
        expect(found).toMatchObject([{ code: 'graph-too-large' }])
      }),
      { numRuns: 3 },
    )
  })

  test('is refused for a param of three megabytes, at its node', () => {
    const text = 'x'.repeat(3 * 1024 * 1024)
    expect(testProblems(testGraph({ p: ['prompt', { text }] }))).toMatchObject([
      { code: 'bad-param', nodeId: 'p', field: 'text', message: expect.stringContaining('2000') },
    ])
    // What no param takes does not reach the plan.
    expect(JSON.stringify(testPlan(testGraph({ p: ['prompt', { other: text }] }))).length).toBeLessThan(1000)
  })
})
