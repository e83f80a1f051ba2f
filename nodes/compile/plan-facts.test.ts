/** What the world says goes into the plan: prices, models, seeds of an earlier run; and what is too much for one. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { testGraph, testImage } from '../graph.fixtures.ts'
import { testPlan, testProblems } from '../plan.fixtures.ts'
import { defaultPrices } from '../prices.ts'
import { photo, type Nodes } from './lists.fixtures.ts'

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
