/** What is known of a graph while it is unfolded: nodes, what feeds them, and what leads through others. */
import type { GraphProblem } from '../problem.ts'
import type { FlatNode } from './flat-graph.ts'

/** An output port, of a node that runs or of one that only leads on. */
export interface Origin {
  nodeId: string
  port: string
}

/** What an edge brings. `broken`: it cannot be followed; the problem counts if somebody needs it. */
export type Feed = Origin | { broken: GraphProblem | null }

export interface RawNode extends FlatNode {
  /** Handle → what feeds it. */
  feeds: Map<string, Feed>
}

/** A problem counts while the node that it is about runs; without one it always does. */
export interface PlacedProblem {
  at: string | null
  problem: GraphProblem
}

export interface Unfolded {
  /** Nodes that would run, by flat id, in the order in which they were met. */
  nodes: Map<string, RawNode>
  /** Every id that was met, also of what does not run. */
  met: Set<string>
  /** Flat ids of which nothing comes: muted, or in a frame that is off. */
  muted: Set<string>
  /** For a node that does not run itself: output port → where what leaves it comes from. */
  passes: Map<string, Map<string, Feed>>
  /** Nodes for subgraphs whose results are pinned, with what fed them. */
  pinnedSubgraphs: { id: string; pinned: NonNullable<FlatNode['pinned']>; feeds: readonly Feed[] }[]
  problems: PlacedProblem[]
}

/** What an origin is in the end: a port of a node that runs, nothing, or an edge that cannot be followed. */
export type Resolved =
  { kind: 'port'; from: Origin } | { kind: 'nothing' } | { kind: 'broken'; problem: GraphProblem | null }

/** Follows what leads through subgraphs, bypassed nodes and inputs that an edge took the place of. */
export function resolve({ nodes, muted, passes }: Unfolded, feed: Feed): Resolved {
  const seen = new Set<string>()
  let at = feed
  for (;;) {
    if ('broken' in at) return { kind: 'broken', problem: at.broken }
    if (muted.has(at.nodeId)) return { kind: 'nothing' }
    const ways = passes.get(at.nodeId)
    if (!ways) {
      const pinned = nodes.get(at.nodeId)?.pinned
      return pinned && !Object.hasOwn(pinned, at.port) ? { kind: 'nothing' } : { kind: 'port', from: at }
    }
    const step = JSON.stringify([at.nodeId, at.port])
    if (seen.has(step)) return { kind: 'broken', problem: ring(at.nodeId) }
    seen.add(step)
    const next = ways.get(at.port)
    if (!next) return { kind: 'nothing' }
    at = next
  }
}

const ring = (nodeId: string): GraphProblem => ({
  code: 'cycle',
  nodeId,
  message: `What leaves node "${nodeId}" leads back into it, and nothing on the way makes anything.`,
  remedy: 'Remove one edge of the cycle.',
})
