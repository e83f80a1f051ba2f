/** A plan is complete and repeatable: inputs applied, nodes sorted, seeds drawn, items counted, price known. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testFolder, testGraph, testImage } from './graph.fixtures.ts'
import { testPlan, testProblems } from './plan.fixtures.ts'
import { Plan } from './plan.ts'

const photo = { ...testImage, name: 'part.png' }
const chain = testGraph(
  { load: ['load-image', { image: photo }], defect: 'draw-defect', save: 'save-to-gallery' },
  ['load.image > defect.image', 'defect.image > save.image', 'defect.mask > save.mask'],
  {
    inputs: [{ name: 'photo', nodeId: 'load', field: 'image' }],
    outputs: [{ name: 'result', nodeId: 'defect', port: 'image' }],
  },
)
const noSeeds = () => {
  throw new Error('No seed was asked for.')
}

test('a plan has every node sorted, with params, inputs, price and a drawn seed', () => {
  const plan = testPlan(chain)
  expect(plan.nodes.map((node) => node.id)).toEqual(['load', 'defect', 'save'])
  expect(plan.nodes[1]).toMatchObject({
    type: 'draw-defect',
    version: 1,
    title: 'Draw defect',
    params: { kind: 'scratch', seed: 42 },
    inputs: { image: { nodeId: 'load', port: 'image' } },
    price: 1,
    items: 1,
  })
  expect(plan.quote).toBe(1)
  expect(plan.outputs).toEqual(chain.outputs)
  expect(Plan.parse(JSON.parse(JSON.stringify(plan)))).toEqual(plan)
})

test('a seed that a person chose is kept, also when it is 0', () => {
  const plan = testPlan(chain, { params: { 'defect.seed': 0 } }, { drawSeed: noSeeds })
  expect(plan.nodes[1]?.params['seed']).toBe(0)
})

test('a saved title is the title of the plan', () => {
  const named = { ...chain, nodes: chain.nodes.map((node) => ({ ...node, title: `My ${node.id}` })) }
  expect(testPlan(named).nodes[1]?.title).toBe('My defect')
})

describe('a declared input', () => {
  test('puts another image in', () => {
    const plan = testPlan(chain, { inputs: { photo: { ...photo, name: 'other.png' } } })
    expect(plan.nodes[0]?.params).toMatchObject({ image: { name: 'other.png' } })
  })

  test('takes a folder where the graph has an image, and everything after it is counted', () => {
    const plan = testPlan(chain, { inputs: { photo: testFolder(20) } })
    expect(plan.nodes[0]).toMatchObject({ type: 'load-folder', params: { folder: { count: 20 } }, items: 20 })
    expect(plan.nodes.map((node) => node.items)).toEqual([20, 20, 20])
    expect(plan.quote).toBe(20)
  })

  test('takes an image where the graph has a folder', () => {
    const graph = testGraph(
      { load: ['load-folder', { folder: testFolder(5) }], defect: 'draw-defect' },
      ['load.image > defect.image'],
      { inputs: [{ name: 'photo', nodeId: 'load', field: 'folder' }] },
    )
    expect(testPlan(graph).quote).toBe(5)
    expect(testPlan(graph, { inputs: { photo } })).toMatchObject({
      quote: 1,
      nodes: [{ type: 'load-image' }, {}],
    })
  })

  test('of an unknown name is refused with the names that exist', () => {
    expect(testProblems(chain, { inputs: { foto: photo } })).toMatchObject([
      { code: 'unknown-graph-input', field: 'foto', message: expect.stringContaining('"photo"') },
    ])
  })

  test('with a value that is no image is refused at its node and field', () => {
    expect(testProblems(chain, { inputs: { photo: 'part.png' } })).toMatchObject([
      { code: 'bad-param', nodeId: 'load', field: 'image' },
    ])
  })
})

test.each([
  'defect',
  'defect.',
  'defect.nothing',
  'ghost.size',
  '.size',
  'defect.toString',
  'defect.__proto__',
])('an override of "%s" is refused', (path) =>
  expect(testProblems(chain, { params: { [path]: 1 } })).toMatchObject([{ code: 'bad-param', field: path }]),
)

test('two nodes with one id are refused, not merged', () => {
  const twice = { ...chain, nodes: [...chain.nodes, ...chain.nodes.slice(1, 2)] }
  expect(testProblems(twice)).toMatchObject([{ code: 'duplicate-id', nodeId: 'defect' }])
})

test('pictures multiply along the way, and too many are refused at the node that makes them', () => {
  const graph = (count: number) =>
    testGraph(
      {
        load: ['load-folder', { folder: testFolder(100) }],
        text: 'prompt',
        redraw: ['image-to-image', { count }],
        defect: 'draw-defect',
      },
      ['load.image > redraw.image', 'text.text > redraw.prompt', 'redraw.image > defect.image'],
    )
  expect(testPlan(graph(4)).nodes.map((node) => [node.id, node.items, node.price * node.items])).toEqual([
    ['load', 100, 0],
    ['text', 1, 0],
    ['redraw', 100, 400],
    ['defect', 400, 400],
  ])
})

test('more pictures at a place than a run may have are refused at the node that makes them', () => {
  const graph = testGraph(
    {
      load: ['load-folder', { folder: testFolder(50_000) }],
      text: 'prompt',
      redraw: ['image-to-image', { count: 3 }],
      defect: 'draw-defect',
    },
    ['load.image > redraw.image', 'text.text > redraw.prompt', 'redraw.image > defect.image'],
  )
  expect(testProblems(graph)).toMatchObject([
    { code: 'too-many-items', nodeId: 'redraw', message: expect.stringContaining('150000') },
  ])
})

test('a run of more steps outside its batches than its history can hold is refused', () => {
  // Each of these folders is small enough to go item by item; together they are too many.
  const graph = (folders: number) => {
    const ids = Array.from({ length: folders }, (_, index) => `${index}`)
    return testGraph(
      Object.fromEntries(
        ids.flatMap((id) => [
          [`load${id}`, ['load-folder', { folder: testFolder(100) }] as [string, { folder: object }]],
          [`defect${id}`, 'draw-defect'],
        ]),
      ) as Parameters<typeof testGraph>[0],
      ids.map((id) => `load${id}.image > defect${id}.image`),
    )
  }
  expect(testProblems(graph(10))).toEqual([])
  expect(testProblems(graph(11))).toMatchObject([
    { code: 'too-many-items', message: expect.stringContaining('2200') },
  ])
})

test('a plan that would not fit into a run is refused', () => {
  const text = '界'.repeat(2000)
  const nodes = Object.fromEntries(
    Array.from({ length: 400 }, (_, index) => [
      `p${index}`,
      ['prompt', { text }] as [string, { text: string }],
    ]),
  )
  expect(testProblems(testGraph(nodes))).toMatchObject([{ code: 'graph-too-large' }])
})

test('the graph that was given is left as it was', () => {
  const before = structuredClone(chain)
  testPlan(chain, { inputs: { photo: testFolder(3) }, params: { 'defect.size': 0.5 } })
  expect(chain).toEqual(before)
})

test('random chains compile to the same plan twice, every source before its node, one draw for each empty seed', () => {
  const edits = fc.array(fc.constantFrom('draw-defect', 'remove-background', 'mask'), {
    minLength: 1,
    maxLength: 8,
  })
  fc.assert(
    fc.property(
      edits,
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.nat(2 ** 32 - 1), { minLength: 8, maxLength: 8 }),
      (types, count, drawn) => {
        const ids = types.map((_, index) => `n${(index * 7) % 10}${index}`)
        let from = 'load'
        const edges = types.map((type, index) => {
          const line = `${from}.image > ${ids[index]}.image`
          if (type !== 'mask') from = ids[index] ?? from
          return line
        })
        const graph = testGraph(
          {
            load: ['load-folder', { folder: testFolder(count) }],
            ...Object.fromEntries(types.map((type, index) => [ids[index] ?? '', type])),
          },
          edges,
        )
        const compile = () => {
          let next = 0
          const plan = testPlan(graph, {}, { drawSeed: () => drawn[next++] ?? -1 })
          return { plan, draws: next }
        }
        const first = compile()
        expect(compile()).toEqual(first)
        expect(first.draws).toBe(types.filter((type) => type !== 'remove-background').length)
        const seen = new Set<string>()
        for (const node of first.plan.nodes) {
          for (const source of Object.values(node.inputs)) expect(seen).toContain(source.nodeId)
          seen.add(node.id)
        }
        expect(first.plan.quote).toBe(count * types.filter((type) => type !== 'mask').length)
      },
    ),
  )
})
