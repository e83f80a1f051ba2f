/** What flows between nodes that choose, join, take wholes, are pinned, or feed params. */
import type { ManifestItem } from '@defect-studio/nodes'
import { expect, test } from 'vitest'
import { testFolder, testGraph, testImage } from '../nodes/graph.fixtures.ts'
import { itemsOf, rowsOf, runToEnd, useStudio } from './run-to-end.fixtures.ts'
import { reviewedSignal } from './run-messages.ts'
import { createGate, picture, stubActivities } from './studio.fixtures.ts'

const start = useStudio()
const photo = { ...testImage, name: 'part.png' }
const parts = (count: number): [string, Record<string, never>] => [
  'load-folder',
  { folder: testFolder(count) as never },
]

test('each picture of a folder goes the way that its condition says, and a way that nobody takes is skipped', async () => {
  const at = await start()
  const graph = testGraph(
    {
      load: parts(4),
      if: ['if', { condition: "glob(name, 'part-0[12].png') or name == 'part-04.png'" }],
      never: ['if', { condition: "name == 'nobody'" }],
      yes: 'draw-defect',
      no: 'remove-background',
      nothing: 'draw-defect',
    },
    [
      'load.image > if.image',
      'if.yes > yes.image',
      'if.no > no.image',
      'load.image > never.image',
      'never.yes > nothing.image',
    ],
  )
  const { end, pages } = await runToEnd(at, graph)
  expect(end).toEqual({ status: 'succeeded' })
  const ways = [...itemsOf(pages, 'yes'), ...itemsOf(pages, 'no')].map(({ name }) => name).sort()
  expect(ways).toEqual(['part-01.png', 'part-02.png', 'part-03.png', 'part-04.png'])
  expect(itemsOf(pages, 'yes').length).toBeGreaterThan(0)
  expect(pages.marks).toContain('nothing skipped')
})

test('a whole list is gathered for a merge, and what leaves it goes on item by item', async () => {
  const asked: number[] = []
  const at = await start({
    mergeCollections: async ({ collections }) => {
      asked.push(...collections.map(({ count }) => count))
      const items = collections.flatMap(({ key }) => at.books.lists.get(key) ?? [])
      return { collection: at.books.addList(numbered(items)) }
    },
  })
  const graph = testGraph(
    {
      load: parts(3),
      cut: 'remove-background',
      draw: 'draw-defect',
      merge: 'merge-images',
      save: 'save-to-gallery',
    },
    [
      'load.image > cut.image',
      'load.image > draw.image',
      'cut.image > merge.first',
      'draw.image > merge.second',
      'merge.image > save.image',
    ],
  )
  const { end, pages } = await runToEnd(at, graph)
  expect([end, asked]).toEqual([{ status: 'succeeded' }, [3, 3]])
  expect(itemsOf(pages, 'save').map(({ name, index }) => [index, name])).toEqual(
    [0, 1, 2, 3, 4, 5].map((index) => [index, `merged-${index}.png`]),
  )
  expect(itemsOf(pages, 'merge')).toMatchObject([{ name: 'merge', value: 6, stored: { count: 6 } }])
})

const numbered = (items: readonly ManifestItem[]): ManifestItem[] =>
  items.map(({ value }, index) => ({ name: `merged-${index}.png`, value }))

test('what leaves a batch is gathered for the node that takes the whole of it', async () => {
  const at = await start({
    limitCollection: async ({ collection, from, count }) => ({
      collection: at.books.addList((at.books.lists.get(collection.key) ?? []).slice(from, from + count)),
    }),
  })
  const graph = testGraph(
    {
      load: parts(120),
      draw: 'draw-defect',
      limit: ['limit', { from: 3, count: 2 }],
      save: 'save-to-gallery',
    },
    ['load.image > draw.image', 'draw.image > limit.image', 'limit.image > save.image'],
  )
  const { end, pages } = await runToEnd(at, graph)
  expect(end).toEqual({ status: 'succeeded' })
  expect(rowsOf(pages, 'draw')).toHaveLength(120)
  expect(itemsOf(pages, 'save').map(({ name }) => name)).toEqual(['part-03.png', 'part-04.png'])
})

test('a run waits until people have decided, and goes on with what they accepted', async () => {
  const opened = createGate()
  let decided = false
  const at = await start({
    openReview: async ({ collection }) => {
      lists.push(collection.key)
      return { reviewId: 'r1' }
    },
    readReview: async () => {
      opened.open()
      if (!decided) return null
      const [all = []] = lists.map((key) => at.books.lists.get(key))
      return { accepted: at.books.addList(all.slice(0, 1)), rejected: at.books.addList(all.slice(1)) }
    },
  })
  const lists: string[] = []
  const graph = testGraph({ load: parts(3), review: 'review', save: 'save-to-gallery' }, [
    'load.image > review.image',
    'review.accepted > save.image',
  ])
  const { runId, handle } = await at.start(graph)
  await opened.opened
  decided = true
  await handle.signal(reviewedSignal, { reviewId: 'r1' })
  await handle.result()
  expect(itemsOf(at.books.of(runId), 'save').map(({ name }) => name)).toEqual(['part-01.png'])
})

test('results that are pinned are used instead of running the node', async () => {
  let drawn = 0
  const at = await start({
    async drawDefect(input, task) {
      drawn += 1
      return stubActivities.drawDefect(input, task)
    },
  })
  const value = picture('pin')
  const graph = testGraph(
    { load: ['load-image', { image: photo }], draw: 'draw-defect', save: 'save-to-gallery' },
    ['load.image > draw.image', 'draw.image > save.image'],
  )
  for (const node of graph.nodes)
    if (node.id === 'draw')
      node.pinned = { image: ['a.png', 'b.png'].map((name) => ({ name, value, index: 0 })), mask: [] }
  const { end, pages } = await runToEnd(at, graph)
  expect([end, drawn, pages.spent]).toEqual([{ status: 'succeeded' }, 0, 0])
  expect(pages.marks).toContain('draw cached')
  expect(itemsOf(pages, 'draw').map(({ name }) => name)).toEqual(['a.png', 'b.png'])
  expect(itemsOf(pages, 'save').map(({ name, index }) => [name, index])).toEqual([
    ['a.png', 0],
    ['b.png', 1],
  ])
})

test('a param that an edge feeds has its own value for each item, and a value that does not fit fails that item', async () => {
  const steps: number[] = []
  const at = await start({
    async inpaint(input, task) {
      steps.push(input.steps)
      return stubActivities.inpaint(input, task)
    },
  })
  const graph = (value: number) =>
    testGraph(
      {
        load: ['load-image', { image: photo }],
        cut: 'remove-background',
        text: ['prompt', { text: 'rust' }],
        steps: ['number', { value }],
        paint: ['inpaint', { seed: 7 }],
      },
      [
        'load.image > paint.image',
        'load.image > cut.image',
        'cut.mask > paint.mask',
        'text.text > paint.prompt',
        'steps.number > paint.params.steps',
      ],
    )
  const good = await runToEnd(at, withParamEdge(graph(7)))
  expect([good.end, steps]).toEqual([{ status: 'succeeded' }, [7]])
  const bad = await runToEnd(at, withParamEdge(graph(-3)))
  expect(bad.end?.failure).toMatchObject({
    type: 'invalid-input',
    message: expect.stringContaining('"steps"'),
  })
})

/** `testGraph` cuts edges at dots, which the handle of a param has one of. */
function withParamEdge(graph: ReturnType<typeof testGraph>): ReturnType<typeof testGraph> {
  const edges = graph.edges.map((edge) =>
    edge.target === 'paint' && edge.targetHandle === 'params'
      ? { ...edge, targetHandle: 'params.steps' }
      : edge,
  )
  return { ...graph, edges }
}
