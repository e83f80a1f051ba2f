/** What is too large to go item by item becomes a batch, and what a batch cannot pair is refused. */
import { describe, expect, test } from 'vitest'
import { testGraph } from '../graph.fixtures.ts'
import { testNames, testPlan, testProblems } from '../plan.fixtures.ts'
import { folder, lists, type Nodes } from './lists.fixtures.ts'

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
