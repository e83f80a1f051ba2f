/** Finds the parts of a run that are too large to go item by item: each is worked through in chunks by a batch. */
import { maxInlineItems } from '../ports.ts'
import type { Segment } from '../plan.ts'
import type { GraphProblem } from '../problem.ts'
import type { CompareNames } from './compare-names.ts'
import type { InputLane } from './lanes.ts'
import type { NameList } from './name-list.ts'

/** A node as far as segments depend on it. */
export interface Segmented {
  id: string
  title: string
  kind: 'map' | 'source' | 'whole' | 'pinned'
  items: number
  inputs: readonly InputLane[]
  /** For a source: its list. */
  list: NameList | null
}

export interface Segments {
  segments: Segment[]
  /** Node → its segment. */
  of: ReadonlyMap<string, string>
  problems: GraphProblem[]
}

/** @param nodes sorted: each after what it needs. */
export function findSegments(nodes: readonly Segmented[], compare: CompareNames): Segments {
  const level = new Map<string, number>()
  const kinds = new Map(nodes.map((node) => [node.id, node.kind]))
  for (const node of nodes)
    level.set(
      node.id,
      // Behind a node that takes wholes everything waits for that node's end, and so for other batches.
      Math.max(
        0,
        ...node.inputs.map(
          ({ source }) => (level.get(source.nodeId) ?? 0) + (kinds.get(source.nodeId) === 'whole' ? 1 : 0),
        ),
      ),
    )
  const large = nodes.filter(isLarge)
  const isHere = new Set(large.map((node) => node.id))
  const root = new Map(large.map((node) => [node.id, node.id]))
  const rootOf = (id: string): string => {
    let at = id
    for (let up = root.get(at); up !== undefined && up !== at; up = root.get(at)) at = up
    root.set(id, at)
    return at
  }
  for (const node of large)
    for (const { source } of node.inputs)
      if (isHere.has(source.nodeId) && level.get(source.nodeId) === level.get(node.id))
        root.set(rootOf(node.id), rootOf(source.nodeId))

  const groups = new Map<string, Segmented[]>()
  for (const node of large) {
    const known = groups.get(rootOf(node.id))
    if (known) known.push(node)
    else groups.set(rootOf(node.id), [node])
  }
  const of = new Map<string, string>()
  const segments = [...groups.values()].map((members, index): Segment => {
    const id = `s${index + 1}`
    for (const member of members) of.set(member.id, id)
    return { id, nodeIds: members.map((member) => member.id), items: Math.max(...members.map(mostItems)) }
  })
  const problems = [...groups.values()].flatMap((members) => refuseLists(members, compare))
  return { segments, of, problems }
}

const mostItems = ({ items, inputs }: Segmented): number =>
  Math.max(items, ...inputs.map(({ list }) => list.count))

const isLarge = (node: Segmented): boolean =>
  (node.kind === 'map' || node.kind === 'source') && mostItems(node) > maxInlineItems

/**
 * A batch goes through one list of names, and takes from every other list what has those names: all lists that enter
 * it have to hold the same.
 */
function refuseLists(members: readonly Segmented[], compare: CompareNames): GraphProblem[] {
  const inside = new Set(members.map(({ id }) => id))
  const entering = members.flatMap((node) => [
    ...(node.list ? [{ node, list: node.list }] : []),
    ...node.inputs
      .filter(({ many, partial, source }) => many && !partial && !inside.has(source.nodeId))
      .map(({ list }) => ({ node, list })),
  ])
  const [first, ...others] = entering
  const other = first && others.find(({ list }) => compare(first.list, list) !== null)
  if (!other) return []
  return [
    {
      code: 'cannot-batch',
      nodeId: other.node.id,
      message:
        `"${first.node.title}" and "${other.node.title}" bring lists of different names into one batch ` +
        `of more than ${maxInlineItems} items.`,
      remedy: `Use lists of the same names, or lists of at most ${maxInlineItems} items, or run two graphs.`,
    },
  ]
}
