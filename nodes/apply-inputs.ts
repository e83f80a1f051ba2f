/** Puts what a run is given into a copy of its graph: values for declared inputs, overrides of single params. */
import { z } from 'zod'
import { JsonValue } from './json-value.ts'
import { subgraphType, type Graph, type GraphNode, type Subgraph } from './graph.ts'
import { findDefinition } from './node-definitions.ts'
import type { GraphProblem } from './problem.ts'
import { setValue } from './set-value.ts'
import { subgraphOf } from './subgraph-params.ts'

/** Every name that a graph does not know becomes a problem of its own: without a bound the list fills the memory. */
function atMost(most: number, what: string) {
  return z
    .record(z.string(), JsonValue)
    .refine((given) => Object.keys(given).length <= most, `A run may be given ${most} ${what} at most.`)
    .default({})
}

/** What a run gets by name: values for declared inputs, and overrides written `nodeId.field` or `outer/inner.field`. */
export const RunInputs = z.object({
  inputs: atMost(50, 'inputs'),
  params: atMost(1000, 'params'),
})
export type RunInputs = z.infer<typeof RunInputs>

/** @returns a changed copy of the graph, and every name that the graph does not know. */
export function applyInputs(graph: Graph, given: RunInputs): { graph: Graph; problems: GraphProblem[] } {
  const changed = copyOf(graph)
  const problems: GraphProblem[] = []
  for (const [name, value] of Object.entries(given.inputs)) {
    const declared = changed.inputs.find((input) => input.name === name)
    const node = changed.nodes.find(({ id }) => id === declared?.nodeId)
    if (declared && node) {
      // A loader that changes its type has its one param under another name.
      const before = declared.field
      const field = setValue(node, before, value)
      for (const input of changed.inputs)
        if (input.nodeId === node.id && input.field === before) input.field = field
      continue
    }
    const known = graph.inputs.map((input) => `"${input.name}"`).join(', ') || 'none'
    problems.push({
      code: 'unknown-graph-input',
      field: name,
      message: `The graph has no input "${name}"; it has: ${known}.`,
      remedy: 'Name one of its inputs, or declare this one in the editor.',
    })
  }
  const own = new Map<string, Body>()
  for (const [path, value] of Object.entries(given.params)) {
    const dot = path.indexOf('.')
    const node = dot > 0 ? nodeAt(changed, path.slice(0, dot), own) : undefined
    const field = path.slice(dot + 1)
    if (node && isParam(changed, node, field)) {
      if (node.type === subgraphType) setValue(node, field, value)
      else node.params = { ...node.params, [field]: value }
      continue
    }
    problems.push({
      code: 'bad-param',
      field: path,
      ...(node ? { nodeId: path.slice(0, dot) } : {}),
      message: `"${path}" names no param of this graph.`,
      remedy: 'Write it as node id, a dot, and the name of the param.',
    })
  }
  return { graph: changed, problems }
}

type Body = Pick<Graph, 'nodes' | 'inputs'>

/** A list, not a map: two nodes with one id must both arrive at `checkGraph`, which refuses them. */
function copyOf(graph: Graph): Graph {
  return { ...graph, ...copyOfBody(graph), subgraphs: { ...graph.subgraphs } }
}

const copyOfBody = <B extends Body>(body: B): B => ({
  ...body,
  nodes: body.nodes.map((node) => ({ ...node })),
  inputs: body.inputs.map((input) => ({ ...input })),
})

function isParam(graph: Graph, node: GraphNode, field: string): boolean {
  if (node.type !== subgraphType) return Object.hasOwn(findDefinition(node.type)?.params.shape ?? {}, field)
  return subgraphOf(node, graph.subgraphs)?.subgraph.inputs.some(({ name }) => name === field) ?? false
}

/**
 * The node at `outer/inner`. Another node may stand for the same subgraph: the one on the way gets a subgraph of its
 * own, which can be changed without changing the other.
 * @param own those that it has got already, by the path of their node.
 */
function nodeAt(graph: Graph, path: string, own: Map<string, Body>): GraphNode | undefined {
  const steps = path.split('/')
  let body: Body = graph
  for (const [index, id] of steps.entries()) {
    const node: GraphNode | undefined = body.nodes.find((one) => one.id === id)
    if (!node || index === steps.length - 1) return node
    const here = steps.slice(0, index + 1).join('/')
    const before = own.get(here)
    if (before) {
      body = before
      continue
    }
    const named = subgraphOf(node, graph.subgraphs)
    // A path longer than any graph is deep would copy a subgraph that contains itself for ever.
    if (!named || index > 32) return undefined
    const copy: Subgraph = copyOfBody(named.subgraph)
    const name = freeName(named.name, graph.subgraphs)
    graph.subgraphs[name] = copy
    node.params = { ...node.params, subgraph: name }
    own.set(here, copy)
    body = copy
  }
  return undefined
}

/** `name-2`, `name-3` …, within the 64 characters that a name may have. */
function freeName(name: string, known: Graph['subgraphs']): string {
  for (let number = 2; ; number++) {
    const next = `${name.slice(0, 56)}-${number}`
    if (!Object.hasOwn(known, next)) return next
  }
}
