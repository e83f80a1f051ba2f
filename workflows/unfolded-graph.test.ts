/** A subgraph with a param that an edge feeds runs as it was drawn, item by item and in a batch alike. */
import { expect, test } from 'vitest'
import { testFolder, testGraph, testImage } from '../nodes/graph.fixtures.ts'
import { itemsOf, runToEnd, useStudio } from './run-to-end.fixtures.ts'

const start = useStudio()

const {
  formatVersion: _formatVersion,
  subgraphs: _subgraphs,
  ...body
} = testGraph(
  {
    photo: ['load-image', { image: { ...testImage, name: 'part.png' } }],
    words: ['prompt', { text: 'rust' }],
    mask: 'mask',
    paint: ['inpaint', { count: 2 }],
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
      { name: 'seed', nodeId: 'paint', field: 'seed' },
    ],
    outputs: [{ name: 'image', nodeId: 'paint', port: 'image' }],
  },
)

const graph = (count: number) =>
  testGraph(
    {
      load: ['load-folder', { folder: testFolder(count) }],
      number: ['number', { value: 7 }],
      draw: ['subgraph', { subgraph: 'painter', values: {} }],
      cut: 'remove-background',
      save: 'save-to-gallery',
    },
    [
      'load.image > draw.photo',
      'number.number > draw.seed',
      'draw.image > cut.image',
      'cut.image > save.image',
      'cut.mask > save.mask',
    ],
    { subgraphs: { painter: { title: '', ...body } } },
  )

test.each([3, 101])('%s pictures become two each, with the seed that the edge brings', async (count) => {
  const { closed, pages } = await runToEnd(await start(), graph(count))
  expect(closed).toBe('COMPLETED')
  const painted = itemsOf(pages, 'draw/paint')
  expect(painted).toHaveLength(2 * count)
  expect(new Set(painted.map(({ made }) => made?.seed))).toEqual(new Set([7, 8]))
  expect(new Set(itemsOf(pages, 'save').map(({ name }) => name)).size).toBe(2 * count)
  // Two are painted of each and both are cut out.
  expect(pages.spent).toBe(4 * count)
})
