/** Sorting over random graphs: what each node needs comes before it, and the order never depends on luck. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortNodes } from './sort-nodes.ts'

const ids = fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/), { minLength: 1, maxLength: 12 })

/** Edges that only go from earlier to later in the drawn list: no cycle is possible. */
const acyclic = ids.chain((names) =>
  fc.record({
    nodes: fc.constant(names.map((id) => ({ id }))),
    edges: fc
      .array(fc.tuple(fc.nat(names.length - 1), fc.nat(names.length - 1)), { maxLength: 30 })
      .map((pairs) =>
        pairs.filter(([a, b]) => a < b).map(([a, b]) => ({ source: names[a] ?? '', target: names[b] ?? '' })),
      ),
  }),
)

test('a graph without cycles is sorted whole, and every edge points forward', () => {
  fc.assert(
    fc.property(acyclic, ({ nodes, edges }) => {
      const { sorted, cyclic } = sortNodes(nodes, edges)
      expect(cyclic).toEqual([])
      const place = new Map(sorted.map((node, index) => [node.id, index]))
      expect(place.size).toBe(nodes.length)
      for (const edge of edges) expect(place.get(edge.source)).toBeLessThan(place.get(edge.target) ?? -1)
    }),
  )
})

test('the order depends on ids and edges alone, not on the order in which they were saved', () => {
  const shuffled = acyclic.chain(({ nodes, edges }) =>
    fc.record({
      one: fc.constant({ nodes, edges }),
      other: fc.record({
        nodes: fc.shuffledSubarray(nodes, { minLength: nodes.length }),
        edges: fc.shuffledSubarray(edges, { minLength: edges.length }),
      }),
    }),
  )
  fc.assert(
    fc.property(shuffled, ({ one, other }) => {
      expect(sortNodes(other.nodes, other.edges)).toEqual(sortNodes(one.nodes, one.edges))
    }),
  )
})

test('with any edges, every node is either sorted or cyclic, and a closed ring is cyclic', () => {
  fc.assert(
    fc.property(acyclic, fc.nat(), ({ nodes, edges }, from) => {
      const start = nodes[from % nodes.length]?.id ?? ''
      const end = nodes.at(-1)?.id ?? ''
      const ring = [...edges, { source: start, target: end }, { source: end, target: start }]
      const { sorted, cyclic } = sortNodes(nodes, ring)
      expect([...sorted.map((node) => node.id), ...cyclic].sort()).toEqual(
        nodes.map((node) => node.id).sort(),
      )
      expect(cyclic).toContain(start)
    }),
  )
})

test('edges to nodes that do not exist hold nobody back', () => {
  const { sorted, cyclic } = sortNodes(
    [{ id: 'a' }],
    [
      { source: 'ghost', target: 'a' },
      { source: 'a', target: 'ghost' },
    ],
  )
  expect([sorted, cyclic]).toEqual([[{ id: 'a' }], []])
})
