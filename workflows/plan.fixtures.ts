/** Plans for tests, with the lists that their sources map over put into the books in memory. */
import { compilePlan, defaultPrices, prepareGraph, type Graph, type Plan } from '@defect-studio/nodes'
import type { MemoryBooks } from './books.fixtures.ts'
import { picture } from './studio.fixtures.ts'

/** @param change of the plan's own facts: which run it takes over, and whether it looks for results. */
export function planOf(
  books: Pick<MemoryBooks, 'lists'>,
  graph: Graph,
  change: Partial<Pick<Plan, 'carryFrom' | 'fresh'>> = {},
): Plan {
  const prepared = prepareGraph(graph, { inputs: {}, params: {} })
  if (!prepared.ok) throw new Error(prepared.problems.map(({ message }) => message).join(' '))
  const lists = new Map(
    prepared.flat.nodes.flatMap((node) => {
      const folder = node.params['folder']
      if (node.type !== 'load-folder' || typeof folder !== 'object' || folder === null) return []
      const collection = { key: 'b'.repeat(64), mediaType: 'application/json', bytes: 1, count: 1, ...folder }
      const names = namesOf(books, collection)
      return [[node.id, { collection, names }] as const]
    }),
  )
  let seed = 100
  const compiled = compilePlan(prepared.flat, {
    drawSeed: () => seed++,
    lists,
    models: new Map(),
    prices: defaultPrices,
    priceVersion: 1,
    ...change,
  })
  if (!compiled.ok) throw new Error(compiled.problems.map(({ message }) => message).join(' '))
  return compiled.plan
}

/** The names of the list; one that the books do not have is written into them: `part-01.png` … */
function namesOf(
  { lists }: Pick<MemoryBooks, 'lists'>,
  { key, count }: { key: string; count: number },
): string[] {
  const known = lists.get(key)
  if (known && known.length === count) return known.map(({ name }) => name)
  const items = Array.from({ length: count }, (_, index) => ({
    name: `part-${String(index + 1).padStart(2, '0')}.png`,
    value: { ...picture('x', index.toString(16).padStart(6, '0')) },
  }))
  lists.set(key, items)
  return items.map(({ name }) => name)
}
