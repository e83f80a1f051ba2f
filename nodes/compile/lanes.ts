/** Follows the names of what will leave each node, so that counts, prices and mismatched pairs are known beforehand. */
import type { NodeDefinition } from '../define-node.ts'
import type { FlatNode } from '../flatten/flat-graph.ts'
import { nameTogether } from '../item-names.ts'
import { NamedImage } from '../params.ts'
import type { CollectionRef, PortType } from '../ports.ts'
import type { GraphProblem } from '../problem.ts'
import { describeStrays, type CompareNames } from './compare-names.ts'
import { fannedOut, knownNames, unknownNames, type NameList } from './name-list.ts'

/** What will be on an edge. */
export interface Lane {
  many: boolean
  list: NameList
  /** Some of the names may be missing, as on the way not taken of a branch: no mismatch then. */
  partial: boolean
}

/** A lane at a port of a node. */
export interface InputLane extends Lane {
  port: string
  type: PortType
  source: { nodeId: string; port: string }
}

export interface NodeLanes {
  /** The most items that the node works on; 1 for a node that takes wholes. */
  items: number
  outputs: Record<string, Lane>
}

export interface KnownList {
  collection: CollectionRef
  /** Null where only their number is known. */
  names: readonly string[] | null
}

export type Traced = { ok: true; lanes: NodeLanes } | { ok: false; problem: GraphProblem }

/** What a node with its results pinned hands out. */
export function pinnedLanes(id: string, pinned: NonNullable<FlatNode['pinned']>): NodeLanes {
  return {
    items: 1,
    outputs: Object.fromEntries(
      Object.entries(pinned).map(([port, items]): [string, Lane] => [
        port,
        {
          many: items.length !== 1,
          list: knownNames(
            JSON.stringify([id, port]),
            items.map(({ name }) => name),
          ),
          partial: false,
        },
      ]),
    ),
  }
}

export const listNames = ({ collection, names }: KnownList): NameList =>
  names ? knownNames(collection.key, names) : unknownNames(collection.key, collection.count)

/** What leaves a source: the things of its list, each under its name. */
export function sourceLanes(
  definition: NodeDefinition,
  fanOut: number,
  { collection, names }: KnownList,
): NodeLanes {
  const list = listNames({ collection, names })
  return {
    items: Math.max(1, list.count),
    outputs: outputsOf(definition, { many: true, list: fannedOut(list, fanOut), partial: false }),
  }
}

/** What leaves a node that takes wholes: at most what came in, under names that only the run knows. */
export function wholeLanes(
  id: string,
  definition: NodeDefinition,
  params: Record<string, unknown>,
  inputs: readonly InputLane[],
): NodeLanes {
  const byPort = Object.fromEntries(inputs.map(({ port, list }) => [port, list.count]))
  const itemsIn = inputs.reduce((sum, { list }) => sum + list.count, 0)
  const most = Math.max(1, definition.mostOut?.(params, itemsIn, byPort) ?? itemsIn)
  return {
    items: 1,
    outputs: Object.fromEntries(
      Object.keys(definition.outputs).map((port): [string, Lane] => [
        port,
        { many: true, list: unknownNames(JSON.stringify([id, port]), most), partial: true },
      ]),
    ),
  }
}

/** What leaves a node that works item by item; its collections have to pair. */
export function mappedLanes(
  node: FlatNode,
  definition: NodeDefinition,
  params: Record<string, unknown>,
  fanOut: number,
  inputs: readonly InputLane[],
  compare: CompareNames,
): Traced {
  const lists = inputs.filter(({ many }) => many)
  const problem = mismatch(node.id, lists, compare)
  if (problem) return { ok: false, problem }
  const partial = inputs.some((input) => input.partial)
  const [first] = lists
  if (!first) {
    const name = ownName(definition, params) ?? nameTogether(node.id, inputs.map(single))
    const one = knownNames(JSON.stringify(['one', name]), [name])
    const lane = { many: fanOut > 1, list: fannedOut(one, fanOut), partial }
    return { ok: true, lanes: { items: 1, outputs: outputsOf(definition, lane) } }
  }
  // Where names may be missing no more can pair than the shortest has.
  const shortest = lists.reduce(
    (least, input) => (input.list.count < least.list.count ? input : least),
    first,
  )
  const lane = { many: true, list: fannedOut(shortest.list, fanOut), partial }
  return {
    ok: true,
    lanes: { items: Math.max(1, shortest.list.count), outputs: outputsOf(definition, lane) },
  }
}

const single = ({ list, type, source, many }: InputLane) => ({
  name: list.spell()?.[0] ?? source.nodeId,
  type,
  sourceId: source.nodeId,
  many,
})

/** A picture that its node names keeps its file's name. */
function ownName(definition: NodeDefinition, params: Record<string, unknown>): string | undefined {
  if (!definition.valueParam) return undefined
  const image = NamedImage.safeParse(params[definition.valueParam])
  return image.success ? image.data.name : undefined
}

const outputsOf = (definition: NodeDefinition, lane: Lane): Record<string, Lane> =>
  Object.fromEntries(
    Object.entries(definition.outputs).map(([port, { sometimes }]) => [
      port,
      sometimes ? { ...lane, partial: true } : lane,
    ]),
  )

function mismatch(nodeId: string, lists: readonly InputLane[], compare: CompareNames): GraphProblem | null {
  const [first, ...others] = lists
  if (!first) return null
  const isExcused = lists.some(({ partial }) => partial)
  for (const other of others) {
    const strays = compare(first.list, other.list)
    if (!strays || (isExcused && strays.shares)) continue
    const words = describeStrays([
      { port: first.port, ...strays.left },
      { port: other.port, ...strays.right },
    ])
    return {
      code: 'names-differ',
      nodeId,
      field: other.port,
      message: `The collections at the inputs do not hold the same names: ${words}.`,
      remedy: 'Connect collections that come from the same folder, or rename the files so that they match.',
    }
  }
  return null
}
