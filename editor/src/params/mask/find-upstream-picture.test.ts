/** A mask is drawn over the nearest picture before it. */
import { emptyGraph, type Graph } from '@defect-studio/nodes'
import { expect, it } from 'vitest'
import { findUpstreamPicture } from './find-upstream-picture.ts'

const key = 'a'.repeat(64)
const image = { key, mediaType: 'image/png', bytes: 1, width: 8, height: 8, name: 'part.png' }
const node = (id: string, type: string, params = {}) => ({ id, type, params, position: { x: 0, y: 0 } })
const edge = (source: string, target: string) => ({
  id: `${source}-${target}`,
  source,
  sourceHandle: 'image',
  target,
  targetHandle: 'image',
})

const graph = (loaded: object): Graph => ({
  ...emptyGraph,
  nodes: [node('photo', 'load-image', loaded), node('defect', 'draw-defect'), node('place', 'mask')],
  edges: [edge('photo', 'defect'), edge('defect', 'place')],
})

it('finds the loaded picture through the nodes between', () => {
  expect(findUpstreamPicture(graph({ image }), 'place', null)).toBe(key)
})

it('finds nothing where nothing is loaded, or nothing is connected', () => {
  expect(findUpstreamPicture(graph({ image: null }), 'place', null)).toBeNull()
  expect(findUpstreamPicture({ ...graph({ image }), edges: [] }, 'place', null)).toBeNull()
})
