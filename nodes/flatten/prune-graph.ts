/** Takes away what will not run: what needs something muted, what only pinned results needed, what nobody asked for. */
import { findDefinition } from '../node-definitions.ts'
import { resolve, type Origin, type RawNode, type Resolved, type Unfolded } from './unfolded.ts'

export interface Pruned {
  /** By flat id, in the order of unfolding. */
  kept: Map<string, RawNode>
  /** For each node that is kept: handle → what feeds it. Never a node that is not kept. */
  feeds: Map<string, Map<string, Resolved>>
}

/**
 * @param outputs where the results of the run are taken from.
 * @param only keep what these need, and nothing else; null: keep everything.
 */
export function pruneGraph(
  unfolded: Unfolded,
  outputs: readonly Origin[],
  only: readonly string[] | null,
): Pruned {
  const kept = new Map(unfolded.nodes)
  const feeds = new Map<string, Map<string, Resolved>>()
  /** What fed a node whose results are pinned: it may be needed by nobody now. */
  const released: Resolved[] = []

  for (const { id, pinned, feeds: outer } of unfolded.pinnedSubgraphs) {
    released.push(...outer.map((feed) => resolve(unfolded, feed)))
    const inside = new Map<string, Record<string, NonNullable<RawNode['pinned']>[string]>>()
    for (const [name, items] of Object.entries(pinned)) {
      const end = resolve(unfolded, { nodeId: id, port: name })
      if (end.kind !== 'port' || !end.from.nodeId.startsWith(`${id}/`)) continue
      inside.set(end.from.nodeId, { ...inside.get(end.from.nodeId), [end.from.port]: items })
    }
    for (const [inner, node] of unfolded.nodes) {
      if (!inner.startsWith(`${id}/`)) continue
      const results = inside.get(inner)
      if (!results) kept.delete(inner)
      else {
        // Resolving looks here for what is pinned, so the change has to be seen there too.
        const changed = { ...node, pinned: results }
        unfolded.nodes.set(inner, changed)
        kept.set(inner, changed)
      }
    }
  }

  for (const [id, node] of kept) {
    const resolved = new Map([...node.feeds].map(([handle, feed]) => [handle, resolve(unfolded, feed)]))
    if (node.pinned) released.push(...resolved.values())
    feeds.set(id, node.pinned ? new Map<string, Resolved>() : resolved)
  }
  const isKept = (end: Resolved) => end.kind !== 'port' || kept.has(end.from.nodeId)

  const named = outputs.map((output) => resolve(unfolded, output))
  const roots = only && only.flatMap((id) => rootsOf(unfolded, id))
  const needed = new Set([...named, ...(roots ?? [])].flatMap(idOf))
  dropReleased(kept, feeds, released, needed)
  dropDependents(kept, feeds, isKept)
  if (roots) keepAncestors(kept, feeds, roots)

  for (const id of [...feeds.keys()]) if (!kept.has(id)) feeds.delete(id)
  for (const handles of feeds.values())
    for (const [handle, end] of handles) if (end.kind === 'nothing' || !isKept(end)) handles.delete(handle)
  return { kept, feeds }
}

const idOf = (end: Resolved): string[] => (end.kind === 'port' ? [end.from.nodeId] : [])

/** A node, all inside a subgraph, or for what does not run itself: what leads through it. */
function rootsOf(unfolded: Unfolded, id: string): Resolved[] {
  const inside = [...unfolded.nodes.keys()].filter((one) => one === id || one.startsWith(`${id}/`))
  const through = inside.length > 0 ? [] : [...(unfolded.passes.get(id)?.keys() ?? [])]
  return [
    ...inside.map((nodeId): Resolved => ({ kind: 'port', from: { nodeId, port: '' } })),
    ...through.map((port) => resolve(unfolded, { nodeId: id, port })),
  ]
}

/** From pinned nodes upwards: what nobody else reads, and no output names, need not run. */
function dropReleased(
  kept: Pruned['kept'],
  feeds: Pruned['feeds'],
  released: readonly Resolved[],
  needed: ReadonlySet<string>,
): void {
  const readers = new Map<string, number>()
  for (const id of kept.keys())
    for (const source of new Set([...(feeds.get(id)?.values() ?? [])].flatMap(idOf)))
      readers.set(source, (readers.get(source) ?? 0) + 1)
  const waiting = [...new Set(released.flatMap(idOf))]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (!kept.has(id) || needed.has(id) || (readers.get(id) ?? 0) > 0) continue
    kept.delete(id)
    for (const source of new Set([...(feeds.get(id)?.values() ?? [])].flatMap(idOf))) {
      readers.set(source, (readers.get(source) ?? 1) - 1)
      waiting.push(source)
    }
  }
}

/** Until nothing changes: who needs what does not come does not run either. */
function dropDependents(
  kept: Pruned['kept'],
  feeds: Pruned['feeds'],
  isKept: (end: Resolved) => boolean,
): void {
  const readers = new Map<string, string[]>()
  for (const id of kept.keys())
    for (const end of feeds.get(id)?.values() ?? []) {
      if (end.kind !== 'port') continue
      const known = readers.get(end.from.nodeId)
      if (known) known.push(id)
      else readers.set(end.from.nodeId, [id])
    }
  const lacks = (node: RawNode) =>
    Object.entries(findDefinition(node.type)?.inputs ?? {}).some(([port, { optional }]) => {
      const end = feeds.get(node.id)?.get(port)
      return end && !optional && (end.kind === 'nothing' || !isKept(end))
    })
  const waiting = [...kept.keys()]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const node = kept.get(id)
    if (!node || !lacks(node)) continue
    kept.delete(id)
    waiting.push(...(readers.get(id) ?? []))
  }
}

function keepAncestors(kept: Pruned['kept'], feeds: Pruned['feeds'], roots: readonly Resolved[]): void {
  const asked = new Set<string>()
  const waiting = roots.flatMap(idOf)
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (asked.has(id) || !kept.has(id)) continue
    asked.add(id)
    waiting.push(...[...(feeds.get(id)?.values() ?? [])].flatMap(idOf))
  }
  for (const id of [...kept.keys()]) if (!asked.has(id)) kept.delete(id)
}
