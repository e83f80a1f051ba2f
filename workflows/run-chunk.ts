/** One chunk of a batch: some items of its list through every node of the segment, each node's items together. */
import type { BegunRun } from '@defect-studio/nodes'
import { priorities } from '@defect-studio/nodes'
import type { Flow } from './flow.ts'
import { noItems, type ItemCounts } from './item-end.ts'
import type { OpenRun } from './open-run.ts'
import type { ItemGroup } from './pair-items.ts'
import { asItem, readBeside, readSlice } from './read-lists.ts'
import { needsOf, type ReadNode } from './read-plan.ts'
import type { PrimaryList } from './run-batch.ts'
import { runNode } from './run-node.ts'
import { createTemporalWorld, type Manner } from './temporal-world.ts'
import { walkPlan } from './walk-plan.ts'
import type { SourceItem } from './world.ts'

export interface ChunkPlace {
  run: OpenRun
  begun: BegunRun
  /** Sorted: each after what it needs. */
  nodes: readonly ReadNode[]
  primary: PrimaryList
  /** What comes from outside of the segment, by `flowKey`. */
  outside: ReadonlyMap<string, Flow>
}

export interface ChunkEnd {
  counts: [string, ItemCounts][]
  /** Of the longest activity. */
  milliseconds: number
}

/** Items of one entry of the books, and of one activity, at most. */
const mostTogether = 100

/** Whoever waits for a single picture goes before a batch, however urgent the batch is said to be. */
const batchPriority = priorities.batch

export async function runChunk(place: ChunkPlace, from: number, count: number): Promise<ChunkEnd> {
  const { run, begun, nodes, primary, outside } = place
  const slice = await readSlice(run, primary.list, from, count)
  let milliseconds = 0
  const world = createTemporalWorld(run, begun, {
    ...chunkManner(place, slice),
    worked: (took) => (milliseconds = Math.max(milliseconds, took)),
  })
  const find = new Map(nodes.map((node) => [node.planned.id, node]))
  const nodeOf = (id: string): ReadNode => {
    const node = find.get(id)
    if (!node) throw new Error(`Node "${id}" was not read.`)
    return node
  }
  const planned = nodes.map((node) => node.planned)
  const ends = await walkPlan(
    { nodes: planned, segments: [], outside },
    {
      run: async ({ id }, inputs) => runNode(world, nodeOf(id), inputs),
      runSegment: async () => new Map(),
      pass: (_node, state, way) => ({ state, outputs: {}, way, counts: noItems }),
      needs: ({ id }) => needsOf(nodeOf(id)),
      isStopped: world.isStopped,
    },
  )
  return { counts: planned.map(({ id }, index) => [id, ends[index]?.counts ?? noItems]), milliseconds }
}

function chunkManner({ run, primary }: ChunkPlace, slice: SourceItem[]): Omit<Manner, 'worked'> {
  return {
    marksNodes: false,
    priority: () => Math.max(batchPriority, run.control.priority),
    onReview: () => {},
    async readSource({ id, collection }) {
      if (id === primary.nodeId) return slice
      return collection ? readBeside(run, collection, slice) : []
    },
    async readList(list, beside) {
      const isPrimary = primary.nodeId === null && list.key === primary.list.key
      return (isPrimary ? slice : await readBeside(run, list, beside ?? slice)).map(asItem)
    },
    async spread(groups, work) {
      return (await Promise.all(parts(groups).map(work))).flat()
    },
  }
}

function parts(groups: readonly ItemGroup[]): ItemGroup[][] {
  const cut: ItemGroup[][] = []
  for (let from = 0; from < groups.length; from += mostTogether)
    cut.push(groups.slice(from, from + mostTogether))
  return cut
}
