/** `name=value` arguments. */
import { expect, test } from 'vitest'
import { emptyGraph, type Graph } from '@defect-studio/nodes'
import { parseAssignments, readParam } from './assignments.ts'

test('splits at the first equals sign', () => {
  expect([...parseAssignments('--input', ['photo=a=b.jpg'])]).toEqual([['photo', 'a=b.jpg']])
})

test.each([[['photo']], [['=x']], [['a=1', 'a=2']]])('refuses %j', (given) => {
  expect(() => parseAssignments('--input', given)).toThrow(/--input/)
})

const node = (id: string, type: string) => ({ id, type, position: { x: 0, y: 0 }, params: {} })
const graph: Graph = {
  ...emptyGraph,
  nodes: [node('words', 'prompt'), node('defect', 'draw-defect'), node('paint', 'inpaint')],
}

test.each([
  ['defect', 'severity', '0.5', 0.5],
  ['defect', 'seed', 'null', null],
  ['defect', 'kind', 'crack', 'crack'],
  ['words', 'text', 'a prompt, with words', 'a prompt, with words'],
  ['words', 'text', '2024', '2024'],
  ['words', 'text', '', ''],
  ['defect', 'severity', 'high', 'high'],
  ['nobody', 'x', '7', 7],
])('reads %s.%s=%s', (nodeId, field, text, value) => {
  expect(readParam(graph, nodeId, field, text)).toEqual(value)
})

const { formatVersion: _formatVersion, subgraphs: _subgraphs, ...body } = emptyGraph
const folded: Graph = {
  ...emptyGraph,
  nodes: [{ ...node('outer', 'subgraph'), params: { subgraph: 's' } }],
  subgraphs: {
    s: {
      ...body,
      title: '',
      nodes: [node('words', 'prompt'), node('draw', 'text-to-image')],
      inputs: [{ name: 'says', nodeId: 'words', field: 'text' }],
    },
  },
}

test.each([
  ['outer', 'says', '2024', '2024'],
  ['outer/words', 'text', '2024', '2024'],
  ['outer/draw', 'steps', '5', 5],
  ['outer/nobody', 'text', '2024', 2024],
  ['outer', 'nothing', '2024', 2024],
  ['outer/words/more', 'text', '2024', 2024],
])('reads %s.%s=%s inside a subgraph', (nodeId, field, text, value) => {
  expect(readParam(folded, nodeId, field, text)).toEqual(value)
})

test('reads a param of a subgraph that contains itself without going round for ever', () => {
  const again = { ...node('again', 'subgraph'), params: { subgraph: 's' } }
  const ring = { ...folded.subgraphs['s'], ...body, title: '', nodes: [again] }
  const inputs = [{ name: 'says', nodeId: 'again', field: 'says' }]
  expect(readParam({ ...folded, subgraphs: { s: { ...ring, inputs } } }, 'outer', 'says', '7')).toBe(7)
})
