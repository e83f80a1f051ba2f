/** What may feed a param is what the check of connections lets through, with what does already among it. */
import { emptyGraph, type Graph } from '@defect-studio/nodes'
import { expect, it } from 'vitest'
import { feedParam } from '../graph-edits.ts'
import { feedsFor } from './feeds-for.ts'

const node = (id: string, type: string) => ({ id, type, params: {}, position: { x: 0, y: 0 } })
const graph: Graph = {
  ...emptyGraph,
  nodes: [
    node('n', 'number'),
    node('grid', 'parameter-grid'),
    node('p', 'prompt'),
    node('t', 'text-to-image'),
  ],
}
const namesOf = (of: Graph, handle: string) =>
  feedsFor(of, 't', handle).feeds.map(({ node: source, port }) => `${source.id}.${port}`)

it('offers numbers to a number and texts to a text', () => {
  expect(namesOf(graph, 'params.seed')).toEqual([
    'n.number',
    'grid.seed',
    'grid.strength',
    'grid.guidance',
    'grid.steps',
  ])
  expect(namesOf(graph, 'params.negativePrompt')).toEqual(['grid.prompt', 'p.text'])
  expect(namesOf(graph, 'params.count')).toEqual([])
})

it('says what feeds it now, replaces it, and takes it away', () => {
  const fed = feedParam(graph, 't', 'seed', { source: 'n', port: 'number' })
  expect(feedsFor(fed, 't', 'params.seed').chosen).toBe(0)
  const other = feedParam(fed, 't', 'seed', { source: 'grid', port: 'seed' })
  expect(other.edges).toHaveLength(1)
  expect(feedsFor(other, 't', 'params.seed').chosen).toBe(1)
  expect(feedParam(other, 't', 'seed', undefined).edges).toEqual([])
})
