/** What is pinned is what a graph may keep: values without links, in their order. */
import { GraphNode } from '@defect-studio/nodes'
import { expect, it } from 'vitest'
import type { NodeRun, OutputItem } from '../api/types.ts'
import { resultsToPin } from './pin-results.ts'

const image = { key: 'a'.repeat(64), mediaType: 'image/png', bytes: 9, width: 4, height: 3 }
const links = { url: '/u', thumbnailUrl: '/t' }

function nodeRun(items: OutputItem[], total = items.length): NodeRun {
  return {
    ...{ nodeId: 'n', type: 'text-to-image', title: '', state: 'succeeded', itemsTotal: 1, itemsDone: 1 },
    ...{ itemsCached: 0, itemsFailed: 0, cost: 0, saved: 0, failure: null, startedAt: null, endedAt: null },
    outputs: [
      { port: 'image', type: 'image', total, items },
      { port: 'empty', type: 'text', total: 0, items: [] },
    ],
  }
}

it('takes pictures, texts and numbers as a graph keeps them', () => {
  const made = { tool: 'text-to-image', nodeId: 'n', seed: 7 }
  const pinned = resultsToPin(
    nodeRun([
      { name: 'a.png', image: { ...image, ...links }, made },
      { name: 'b', text: 'words', made: {} },
      { name: 'c', number: 3 },
    ]),
  )
  expect(pinned).toEqual({
    image: [
      { name: 'a.png', index: 0, value: image, made },
      { name: 'b', index: 1, value: 'words' },
      { name: 'c', index: 2, value: 3 },
    ],
  })
  const node = { id: 'n', type: 'text-to-image', position: { x: 0, y: 0 }, pinned }
  expect(GraphNode.parse(node).pinned).toEqual(pinned)
})

it('says when there is nothing, or more than the page knows', () => {
  expect(resultsToPin(undefined)).toBeNull()
  expect(resultsToPin(nodeRun([]))).toBeNull()
  expect(resultsToPin(nodeRun([{ name: 'a', text: 'x' }], 51))).toBe('too-many')
})
