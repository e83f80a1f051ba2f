/** Lists and folders for tests of plans: names by node. */
import type { testGraph } from '../graph.fixtures.ts'
import { testFolder, testImage } from '../graph.fixtures.ts'
import type { GraphNode } from '../graph.ts'
import type { PlanFacts } from './plan-facts.ts'

export type Nodes = Parameters<typeof testGraph>[0]

export const folder = (count: number): [string, GraphNode['params']] => [
  'load-folder',
  { folder: testFolder(count) },
]
export const photo: [string, GraphNode['params']] = [
  'load-image',
  { image: { ...testImage, name: 'part.png' } },
]

/** Lists by node; each has a key of its own. */
export function lists(names: Record<string, readonly string[]>): Pick<PlanFacts, 'lists'> {
  const of = Object.entries(names).map(([id, list], index) => {
    const { name: _name, ...collection } = testFolder(list.length)
    return [
      id,
      { collection: { ...collection, key: `${index}`.repeat(64).slice(0, 64) }, names: list },
    ] as const
  })
  return { lists: new Map(of) }
}
