/** A past run shows its own graph only when that would make other pictures than the graph of today. */
import { emptyGraph, type Graph } from '@defect-studio/nodes'
import { expect, it } from 'vitest'
import { addNode, connect, moveNodes, setParam, setTitle } from '../graph-edits.ts'
import { sameGraph } from './same-graph.ts'

const at = { x: 0, y: 0 }
const edge = { source: 'load-image-1', sourceHandle: 'image', target: 'draw-defect-1', targetHandle: 'image' }
const graph: Graph = connect(
  addNode(addNode(emptyGraph, 'load-image', at).graph, 'draw-defect', at).graph,
  edge,
)

it('takes a graph that was moved about, renamed or stored for the same', () => {
  const moved = moveNodes(
    setTitle(graph, 'draw-defect-1', 'Mine'),
    new Map([['load-image-1', { x: 9, y: 9 }]]),
  )
  expect(sameGraph(graph, { ...moved, nodes: moved.nodes.toReversed() })).toBe(true)
  const image = { key: 'k', name: 'a.png' }
  const stored = { name: 'a.png', key: 'k' }
  expect(
    sameGraph(
      setParam(graph, 'load-image-1', 'image', image),
      setParam(graph, 'load-image-1', 'image', stored),
    ),
  ).toBe(true)
})

it('tells another value, another node and another edge', () => {
  expect(sameGraph(graph, setParam(graph, 'draw-defect-1', 'severity', 0.9))).toBe(false)
  expect(sameGraph(graph, addNode(graph, 'clean-up', at).graph)).toBe(false)
  expect(sameGraph(graph, { ...graph, edges: [] })).toBe(false)
})
