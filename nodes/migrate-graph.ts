/** Brings a saved graph of any earlier format up to today's, one version at a time. */
import { z } from 'zod'
import { formatVersion, Graph } from './graph.ts'
import type { GraphProblem } from './problem.ts'

const Json = z.record(z.string(), z.unknown())

/** Version 1 was React Flow's own form: params under `data`, no declared inputs or outputs. */
function fromVersion1(graph: Record<string, unknown>): Record<string, unknown> {
  const nodes = graph['nodes']
  return {
    formatVersion: 2,
    // Anything but a list is left for the check of the shape to refuse: an empty graph would hide the mistake.
    nodes: Array.isArray(nodes) ? nodes.map(nodeFromVersion1) : nodes,
    edges: graph['edges'] ?? [],
    inputs: [],
    outputs: [],
  }
}

function nodeFromVersion1(raw: unknown): unknown {
  const node = Json.safeParse(raw)
  if (!node.success) return raw
  const { data, ...rest } = node.data
  return { ...rest, params: data ?? {} }
}

/** `migrations[n]` turns version n into version n + 1. */
const migrations: Record<number, (graph: Record<string, unknown>) => Record<string, unknown>> = {
  1: fromVersion1,
  // Version 2 had neither frames nor subgraphs; the shape fills them in.
  2: (graph) => ({ ...graph, formatVersion: 3 }),
}

export type ReadGraph = { ok: true; graph: Graph } | { ok: false; problems: GraphProblem[] }

function refuse(message: string, remedy: string, field?: string): ReadGraph {
  return { ok: false, problems: [{ code: 'unreadable-graph', message, remedy, ...(field ? { field } : {}) }] }
}

/** Reads a graph from untrusted JSON; every way in which its shape is wrong is listed. */
export function readGraph(input: unknown): ReadGraph {
  const parsed = Json.safeParse(input)
  if (!parsed.success)
    return refuse('This is not a graph: it should be a JSON object.', 'Choose a graph file.')
  let current = parsed.data
  let version = current['formatVersion'] ?? 1
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1)
    return refuse(
      'The formatVersion of this graph is not a whole number.',
      'Choose a graph file.',
      'formatVersion',
    )
  if (version > formatVersion)
    return refuse(
      `This graph has format ${version}; this studio reads up to ${formatVersion}.`,
      'Update the studio, or save the graph from an older one.',
      'formatVersion',
    )
  for (; version < formatVersion; version++) current = migrations[version]?.(current) ?? current
  const graph = Graph.safeParse(current)
  if (graph.success) return { ok: true, graph: graph.data }
  return {
    ok: false,
    problems: graph.error.issues.map((issue) => ({
      code: 'unreadable-graph',
      field: issue.path.join('.'),
      message: `${issue.path.join('.') || 'graph'}: ${issue.message}`,
      remedy: 'Mend the file, or save the graph again from the editor.',
    })),
  }
}
