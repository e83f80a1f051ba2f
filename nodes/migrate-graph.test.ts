/** A graph saved by any version opens; what is not a graph is refused with the place that is wrong. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testGraph } from './graph.fixtures.ts'
import { formatVersion } from './graph.ts'
import { readGraph } from './migrate-graph.ts'

test('today’s format is read as it is', () => {
  const graph = testGraph({ p: ['prompt', { text: 'rust' }] }, [], {
    outputs: [{ name: 'text', nodeId: 'p', port: 'text' }],
  })
  expect(readGraph(JSON.parse(JSON.stringify(graph)))).toEqual({ ok: true, graph })
})

test('version 1 had params under data and no declared inputs', () => {
  const read = readGraph({
    nodes: [
      { id: 'p', type: 'prompt', position: { x: 1, y: 2 }, data: { text: 'rust' }, selected: true },
      { id: 'q', type: 'prompt', position: { x: 1, y: 2 } },
    ],
    edges: [{ id: 'e', source: 'p', sourceHandle: 'text', target: 'q', targetHandle: 'text' }],
  })
  expect(read).toEqual({
    ok: true,
    graph: {
      formatVersion,
      nodes: [
        { id: 'p', type: 'prompt', position: { x: 1, y: 2 }, params: { text: 'rust' } },
        { id: 'q', type: 'prompt', position: { x: 1, y: 2 }, params: {} },
      ],
      edges: [{ id: 'e', source: 'p', sourceHandle: 'text', target: 'q', targetHandle: 'text' }],
      inputs: [],
      outputs: [],
      frames: [],
      subgraphs: {},
    },
  })
})

test('version 2 had neither frames nor subgraphs', () => {
  const { frames: _frames, subgraphs: _subgraphs, ...before } = testGraph({ p: ['prompt', { text: 'rust' }] })
  expect(readGraph({ ...before, formatVersion: 2 })).toEqual({
    ok: true,
    graph: { ...before, formatVersion, frames: [], subgraphs: {} },
  })
})

test.each<[string, unknown, string | undefined]>([
  ['a text', 'graph', undefined],
  ['a list', [], undefined],
  ['null', null, undefined],
  ['a version from the future', { formatVersion: 99, nodes: [], edges: [] }, 'formatVersion'],
  ['a version that is no number', { formatVersion: '2' }, 'formatVersion'],
  ['version 0', { formatVersion: 0 }, 'formatVersion'],
  ['no nodes', { formatVersion, edges: [] }, 'nodes'],
  [
    'a node id with spaces',
    { formatVersion, nodes: [{ id: 'a b', type: 'prompt', position: { x: 0, y: 0 } }], edges: [] },
    'nodes.0.id',
  ],
  ['a node that is no object in version 1', { nodes: [3], edges: [] }, 'nodes.0'],
  ['nodes that are no list in version 1', { nodes: 3 }, 'nodes'],
  ['a file of something else', { name: 'package', version: '1.0.0' }, 'nodes'],
])('refuses %s', (_what, input, field) => {
  expect(readGraph(input)).toMatchObject({
    ok: false,
    problems: [{ code: 'unreadable-graph', ...(field ? { field } : {}) }],
  })
})

test('never throws on any JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(1, 2, 3, undefined), (value, version) => {
      const input: unknown =
        typeof value === 'object' && value !== null
          ? { nodes: value, edges: value, formatVersion: version }
          : value
      expect(typeof readGraph(input).ok).toBe('boolean')
    }),
  )
})

test('says how many nodes a graph may have', () => {
  const node = (index: number) => ({ id: `n${index}`, type: 'prompt', position: { x: 0, y: 0 } })
  const nodes = Array.from({ length: 2001 }, (_, index) => node(index))
  expect(readGraph({ formatVersion, nodes, edges: [] })).toMatchObject({
    problems: [{ code: 'unreadable-graph', message: 'nodes: A graph may have 500 nodes.' }],
  })
})
