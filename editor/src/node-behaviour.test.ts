/** Muting, bypassing and pinning change the node alone, and leave nothing behind when they are taken back. */
import { emptyGraph } from '@defect-studio/nodes'
import { expect, it } from 'vitest'
import { addNode, setBehaviour, toggleMode } from './graph-edits.ts'

const at = { x: 0, y: 0 }
const graph = ['load-image', 'draw-defect'].reduce((next, type) => addNode(next, type, at).graph, emptyGraph)
const both = new Set(['load-image-1', 'draw-defect-1'])

it('mutes all that are chosen, and takes it back only when all are muted', () => {
  const one = toggleMode(graph, new Set(['load-image-1']), 'muted')
  expect(one.nodes.map(({ mode }) => mode)).toEqual(['muted', undefined])
  const two = toggleMode(one, both, 'muted')
  expect(two.nodes.map(({ mode }) => mode)).toEqual(['muted', 'muted'])
  expect(toggleMode(two, both, 'bypassed').nodes.map(({ mode }) => mode)).toEqual(['bypassed', 'bypassed'])
  expect(toggleMode(two, both, 'muted')).toEqual(graph)
})

it('sets one thing and keeps the others; what is usual is not written down', () => {
  const set = setBehaviour(graph, 'draw-defect-1', { attempts: 3, onFailure: 'continue' })
  expect(setBehaviour(set, 'draw-defect-1', { attempts: undefined }).nodes[1]).toEqual({
    ...graph.nodes[1],
    onFailure: 'continue',
  })
  expect(setBehaviour(set, 'draw-defect-1', { attempts: undefined, onFailure: undefined })).toEqual(graph)
})
