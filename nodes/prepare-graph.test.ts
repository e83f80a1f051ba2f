/** What the editor draws is what runs: nothing that was muted, bypassed, pinned or not asked for. */
import { expect, test } from 'vitest'
import { leftOf, photo, problemsOf, withNodes } from './flatten/flatten.fixtures.ts'
import { testGraph, testImage } from './graph.fixtures.ts'
import type { GraphNode } from './graph.ts'

/** load → defect → save, with a mask beside. */
const chain = testGraph(
  {
    load: ['load-image', { image: photo }],
    place: 'mask',
    defect: 'draw-defect',
    save: 'save-to-gallery',
  },
  [
    'load.image > place.image',
    'load.image > defect.image',
    'place.mask > defect.place',
    'defect.image > save.image',
    'defect.mask > save.mask',
  ],
  { outputs: [{ name: 'result', nodeId: 'defect', port: 'image' }] },
)

test('a muted node is gone, with everything that cannot do without it, and nothing else', () => {
  expect(leftOf(withNodes(chain, { defect: { mode: 'muted' } }))).toEqual({
    nodes: ['load', 'place'],
    edges: ['load.image > place.image'],
    outputs: [],
  })
  expect(leftOf(withNodes(chain, { place: { mode: 'muted' } }))).toEqual({
    nodes: ['load', 'defect', 'save'],
    edges: ['load.image > defect.image', 'defect.image > save.image', 'defect.mask > save.mask'],
    outputs: ['result: defect.image'],
  })
})

test('a frame that is switched off mutes its nodes, one that is on does not', () => {
  const frame = { id: 'f', title: 'Defects', position: { x: 0, y: 0 }, size: { width: 9, height: 9 } }
  const framed = withNodes(chain, { defect: { frameId: 'f' } })
  expect(leftOf({ ...framed, frames: [{ ...frame, off: true }] }).nodes).toEqual(['load', 'place'])
  expect(leftOf({ ...framed, frames: [{ ...frame, off: false }] })).toEqual(leftOf(chain))
  expect(problemsOf(framed)).toMatchObject([{ code: 'unknown-frame', nodeId: 'defect' }])
  expect(
    problemsOf({ ...chain, frames: [frame, frame].map((one) => ({ ...one, off: false })) }),
  ).toMatchObject([{ code: 'duplicate-id', field: 'f' }])
})

test('a bypassed node hands on what came in at its first input of the type', () => {
  expect(leftOf(withNodes(chain, { defect: { mode: 'bypassed' } }))).toEqual({
    nodes: ['load', 'place', 'save'],
    edges: ['load.image > place.image', 'load.image > save.image', 'place.mask > save.mask'],
    outputs: ['result: load.image'],
  })
})

test('where nothing of the type comes into a bypassed node, nothing leaves it', () => {
  // No mask comes in: save needs none. No image comes in at the mask: the defect does without a place.
  const left = leftOf(withNodes(chain, { place: { mode: 'bypassed' } }))
  expect(left.edges).toEqual([
    'load.image > defect.image',
    'defect.image > save.image',
    'defect.mask > save.mask',
  ])
})

test('bypassed nodes in a row lead through all of them', () => {
  const graph = testGraph(
    { load: ['load-image', { image: photo }], a: 'upscale', b: 'remove-background', save: 'save-to-gallery' },
    ['load.image > a.image', 'a.image > b.image', 'b.image > save.image'],
  )
  const both = withNodes(graph, { a: { mode: 'bypassed' }, b: { mode: 'bypassed' } })
  expect(leftOf(both).edges).toEqual(['load.image > save.image'])
})

test('a pinned node keeps its results, and what only it needed does not run', () => {
  const pinned = { image: [{ name: 'part.png', value: testImage, index: 0 }] }
  const left = leftOf(withNodes(chain, { defect: { pinned } }))
  // The mask is not pinned: the node behind does without it.
  expect(left).toEqual({
    nodes: ['defect', 'save'],
    edges: ['defect.image > save.image'],
    outputs: ['result: defect.image'],
  })
  const shared = withNodes(chain, { place: { pinned: { mask: [] } } })
  expect(leftOf(shared).nodes).toEqual(['load', 'place', 'defect', 'save'])
})

test.each<[string, GraphNode['pinned'], object]>([
  ['a port that is not there', { toString: [] }, { code: 'unknown-port', field: 'toString' }],
  [
    'a text where a picture leaves',
    { image: [{ name: 'a', value: 'rust', index: 0 }] },
    { code: 'type-mismatch', field: 'image' },
  ],
])('pinned results at %s are refused', (_what, pinned, problem) => {
  expect(problemsOf(withNodes(chain, { defect: { pinned } }))).toMatchObject([
    { nodeId: 'defect', ...problem },
  ])
})

test('what does not run is not checked', () => {
  const broken = testGraph(
    { load: ['load-image', { image: photo }], bad: ['draw-defect', { size: 7 }], x: 'teleport' },
    ['load.image > bad.image', 'bad.mask > x.anything', 'load.image > x.image'],
  )
  expect(problemsOf(broken).map(({ code }) => code)).toEqual(['bad-param', 'unknown-type'])
  expect(leftOf(withNodes(broken, { bad: { mode: 'muted' }, x: { mode: 'muted' } })).nodes).toEqual(['load'])
  expect(leftOf(broken, { only: ['load'] }).nodes).toEqual(['load'])
})

test('when everything is muted nothing is left to run, and that is said', () => {
  expect(problemsOf(withNodes(chain, { load: { mode: 'muted' } }))).toMatchObject([
    { code: 'empty-graph', message: expect.stringContaining('left to run') },
  ])
})

test('a run to here keeps what that needs; an unknown place is refused', () => {
  expect(leftOf(chain, { only: ['place'] }).nodes).toEqual(['load', 'place'])
  expect(leftOf(chain, { only: ['defect', 'place'] })).toMatchObject({
    nodes: ['load', 'place', 'defect'],
    outputs: ['result: defect.image'],
  })
  expect(problemsOf(chain, { only: ['ghost'] })).toMatchObject([{ code: 'unknown-node', nodeId: 'ghost' }])
})
