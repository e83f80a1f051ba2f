/** Unfolds subgraphs, however deep, into one flat set of nodes, and says what leads where. */
import { checkEnds, taken } from '../check-connection.ts'
import { subgraphType, type Graph, type GraphNode } from '../graph.ts'
import type { JsonValue } from '../json-value.ts'
import { paramHandle } from '../link-params.ts'
import { findDefinition } from '../node-definitions.ts'
import { createPortLookup } from '../node-ports.ts'
import { maxPlanNodes } from '../ports.ts'
import type { GraphProblem } from '../problem.ts'
import { setValue } from '../set-value.ts'
import { SubgraphParams, subgraphOf } from '../subgraph-params.ts'
import { checkBody } from './check-body.ts'
import type { Feed, Unfolded } from './unfolded.ts'

type Body = Pick<Graph, 'nodes' | 'edges' | 'inputs' | 'outputs' | 'frames'>
type ByField<T> = Map<string, Map<string, T>>

/** So deep may subgraphs lie in subgraphs. */
const deepest = 16
/** Muted nodes count too while unfolding; far more than can run means that nobody wrote it by hand. */
const mostMet = 10 * maxPlanNodes

export function unfoldGraph(graph: Graph): Unfolded {
  const ports = createPortLookup(graph.subgraphs)
  const unfolded: Unfolded = {
    nodes: new Map(),
    met: new Set(),
    muted: new Set(),
    passes: new Map(),
    pinnedSubgraphs: [],
    problems: [],
  }
  const { nodes, met, muted, passes, pinnedSubgraphs, problems } = unfolded
  const place = (at: string | null, problem: GraphProblem) => problems.push({ at, problem })
  let isTooLarge = false

  /** @param trail the subgraphs that this one lies in, the outermost first. */
  function unfoldBody(
    body: Body,
    prefix: string,
    trail: readonly string[],
    fed: ByField<Feed>,
    given: ByField<JsonValue>,
  ): void {
    if (isTooLarge) return
    problems.push(...checkBody(body, prefix, ports))
    const feeds = feedsOf(body, prefix)
    const off = new Set(body.frames.filter((frame) => frame.off).map((frame) => frame.id))
    const seen = new Set<string>()
    for (const node of body.nodes) {
      const id = prefix + node.id
      if (seen.has(node.id)) continue // checkBody has reported it
      seen.add(node.id)
      met.add(id)
      if (met.size > mostMet) {
        if (!isTooLarge) place(null, tooLarge())
        isTooLarge = true
        return
      }
      if (node.mode === 'muted' || (node.frameId !== undefined && off.has(node.frameId))) muted.add(id)
      else
        unfoldNode(
          node,
          id,
          trail,
          feeds.get(node.id) ?? new Map<string, Feed>(),
          fed.get(node.id),
          given.get(node.id),
        )
    }
  }

  function unfoldNode(
    drawn: GraphNode,
    id: string,
    trail: readonly string[],
    feeds: Map<string, Feed>,
    fed: ReadonlyMap<string, Feed> = new Map(),
    given: ReadonlyMap<string, JsonValue> = new Map(),
  ): void {
    const node = { ...drawn, id }
    for (const [field, value] of given) setValue(node, field, value)
    const definition = findDefinition(node.type)
    for (const [field, feed] of fed) {
      if (definition && definition.valueParam === field) {
        passes.set(id, new Map(Object.keys(definition.outputs).map((port) => [port, feed])))
        return
      }
      const handle = node.type === subgraphType ? field : paramHandle(field)
      if (feeds.has(handle)) place(id, { ...taken({ target: id, targetHandle: handle }), nodeId: id })
      else feeds.set(handle, feed)
    }
    if (node.mode === 'bypassed') passes.set(id, waysThrough(node, feeds))
    else if (node.type === subgraphType) unfoldSubgraph(node, id, trail, feeds)
    else nodes.set(id, { ...node, feeds })
  }

  /** Each output is what comes in at the first connected input of its type. */
  function waysThrough(node: GraphNode, feeds: ReadonlyMap<string, Feed>): Map<string, Feed> {
    const known = ports.of(node)
    const ways = new Map<string, Feed>()
    for (const [output, { type }] of Object.entries(known?.outputs ?? {}))
      for (const [input, port] of Object.entries(known?.inputs ?? {})) {
        const feed = port.type === type ? feeds.get(input) : undefined
        if (feed && !ways.has(output)) ways.set(output, feed)
      }
    return ways
  }

  function unfoldSubgraph(node: GraphNode, id: string, trail: readonly string[], feeds: Map<string, Feed>) {
    const named = subgraphOf(node, graph.subgraphs)
    const refusal = named ? refuseDepth(id, named.name, trail) : refuseName(node, id)
    if (!named || refusal) {
      // It stays as a node of which nobody knows the ports, so that its problem counts only if it would run.
      if (refusal) place(id, refusal)
      nodes.set(id, { ...node, feeds: new Map() })
      return
    }
    const { name, subgraph, values } = named
    const fed: ByField<Feed> = new Map()
    const given: ByField<JsonValue> = new Map()
    for (const input of subgraph.inputs) {
      const feed = feeds.get(input.name)
      if (feed) addTo(fed, input.nodeId, input.field, feed)
      else if (Object.hasOwn(values, input.name))
        addTo(given, input.nodeId, input.field, values[input.name] ?? null)
    }
    const declared = new Set(subgraph.inputs.map((input) => input.name))
    for (const value of Object.keys(values)) if (!declared.has(value)) place(id, noSuchInput(id, name, value))
    for (const [handle, feed] of feeds)
      if (!declared.has(handle) && 'broken' in feed && feed.broken) place(id, feed.broken)
    if (node.pinned) pinnedSubgraphs.push({ id, pinned: node.pinned, feeds: [...feeds.values()] })
    passes.set(
      id,
      new Map(
        subgraph.outputs.map((output) => [
          output.name,
          { nodeId: `${id}/${output.nodeId}`, port: output.port },
        ]),
      ),
    )
    unfoldBody(subgraph, `${id}/`, [...trail, name], fed, given)
  }

  /** What the edges of one body bring to each of its nodes; the first edge into an input counts. */
  function feedsOf(body: Body, prefix: string): ByField<Feed> {
    const byId = new Map(body.nodes.map((node) => [node.id, node]))
    const feeds: ByField<Feed> = new Map()
    for (const edge of body.edges) {
      const source = byId.get(edge.source)
      const target = byId.get(edge.target)
      const refuse = (refusal: Omit<GraphProblem, 'edgeId' | 'nodeId'>): GraphProblem => ({
        ...refusal,
        edgeId: edge.id,
        nodeId: prefix + edge.target,
      })
      if (target && feeds.get(target.id)?.has(edge.targetHandle)) {
        place(prefix + target.id, refuse(taken(edge)))
        continue
      }
      // An unknown type is reported once, at its node: its ports cannot be known.
      const isUnclear = [source, target].some((node) => node && !ports.of(node))
      const refusal = isUnclear ? null : checkEnds(source, target, edge, ports)
      if (!target) {
        if (refusal) place(source ? prefix + source.id : null, refuse(refusal))
        continue
      }
      const isBroken = refusal !== null || !source || !ports.of(target)
      addTo(
        feeds,
        target.id,
        edge.targetHandle,
        isBroken
          ? { broken: refusal && refuse(refusal) }
          : { nodeId: prefix + source.id, port: edge.sourceHandle },
      )
    }
    return feeds
  }

  unfoldBody(graph, '', [], new Map(), new Map())
  return unfolded
}

function addTo<T>(map: ByField<T>, nodeId: string, field: string, value: T): void {
  const known = map.get(nodeId)
  if (known) known.set(field, value)
  else map.set(nodeId, new Map([[field, value]]))
}

function refuseName(node: GraphNode, id: string): GraphProblem {
  const params = SubgraphParams.safeParse(node.params)
  return {
    code: 'unknown-subgraph',
    nodeId: id,
    message: params.success
      ? `The graph has no subgraph "${params.data.subgraph}".`
      : `Node "${id}" does not say which subgraph it stands for.`,
    remedy: 'Choose a subgraph in the form of the node, or remove the node.',
  }
}

function refuseDepth(id: string, name: string, trail: readonly string[]): GraphProblem | null {
  const from = trail.indexOf(name)
  if (from >= 0)
    return {
      code: 'cycle',
      nodeId: id,
      message: `Subgraph "${name}" contains itself: ${[...trail.slice(from), name].join(' → ')}.`,
      remedy: `Remove the node "${id}", or let it stand for another subgraph.`,
    }
  if (trail.length < deepest) return null
  return {
    code: 'graph-too-large',
    nodeId: id,
    message: `Subgraphs lie in subgraphs more than ${deepest} deep.`,
    remedy: 'Put the inner ones into the outer ones.',
  }
}

const noSuchInput = (id: string, subgraph: string, name: string): GraphProblem => ({
  code: 'unknown-graph-input',
  nodeId: id,
  field: name,
  message: `Subgraph "${subgraph}" has no input "${name}".`,
  remedy: 'Remove the value, or declare the input in the subgraph.',
})

const tooLarge = (): GraphProblem => ({
  code: 'graph-too-large',
  message: `With its subgraphs unfolded this graph has more than ${mostMet} nodes.`,
  remedy: 'Use fewer subgraphs in subgraphs.',
})
