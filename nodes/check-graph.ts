/** Decides, from the graph alone, whether a run could start. Shared by editor and API so they never disagree. */
import { checkEnds, reachableFrom } from './check-connection.ts'
import { paramMeta } from './param-meta.ts'
import type { Graph, GraphNode } from './graph.ts'
import { findDefinition } from './node-definitions.ts'
import { portTypes } from './ports.ts'
import type { GraphProblem } from './problem.ts'
import { sortNodes } from './sort-nodes.ts'

/** Every reason why this graph cannot run; empty when it can. Knows nothing of stores, models or balances. */
export function checkGraph(graph: Graph): GraphProblem[] {
  if (graph.nodes.length === 0)
    return [{ code: 'empty-graph', message: 'The graph is empty.', remedy: 'Add a node from the palette.' }]
  return [
    ...duplicateIds(graph),
    ...graph.nodes.flatMap((node) => checkNode(graph, node)),
    ...checkEdges(graph),
    ...checkCycles(graph),
    ...checkInterface(graph),
  ]
}

function duplicateIds(graph: Graph): GraphProblem[] {
  const seen = new Set<string>()
  return graph.nodes.flatMap((node): GraphProblem[] => {
    if (!seen.has(node.id)) {
      seen.add(node.id)
      return []
    }
    return [
      {
        code: 'duplicate-id',
        nodeId: node.id,
        message: `Two nodes have the id "${node.id}".`,
        remedy: 'Give one another id.',
      },
    ]
  })
}

function checkNode(graph: Graph, node: GraphNode): GraphProblem[] {
  const definition = findDefinition(node.type)
  if (!definition)
    return [
      {
        code: 'unknown-type',
        nodeId: node.id,
        message: `This studio has no node of type "${node.type}".`,
        remedy: 'Remove the node, or update the studio.',
      },
    ]
  const problems: GraphProblem[] = []
  const parsed = definition.params.safeParse(node.params)
  if (!parsed.success)
    for (const issue of parsed.error.issues)
      problems.push({
        code: 'bad-param',
        nodeId: node.id,
        field: issue.path.join('.'),
        message: `${issue.path.join('.') || 'params'}: ${issue.message}`,
        remedy: 'Change the value in the form of the node.',
      })
  else
    for (const [field, meta] of paramMeta(definition)) {
      const hidden = meta.showWhen && parsed.data[meta.showWhen.field] !== meta.showWhen.equals
      if (meta.required && !hidden && parsed.data[field] === null)
        problems.push({
          code: 'missing-param',
          nodeId: node.id,
          field,
          message: `${meta.title} is not chosen yet.`,
          remedy: `Choose it in the form of the node.`,
        })
    }
  for (const [name, port] of Object.entries(definition.inputs))
    if (!port.optional && !graph.edges.some((edge) => edge.target === node.id && edge.targetHandle === name))
      problems.push({
        code: 'missing-input',
        nodeId: node.id,
        field: name,
        message: `Input "${port.title ?? name}" is not connected.`,
        remedy: `Connect an output of type ${portTypes[port.type].title.toLowerCase()}.`,
      })
  return problems
}

function checkEdges(graph: Graph): GraphProblem[] {
  const problems: GraphProblem[] = []
  for (const [index, edge] of graph.edges.entries()) {
    // An unknown type is reported once, at its node: its ports cannot be known.
    const ends = graph.nodes.filter((node) => node.id === edge.source || node.id === edge.target)
    if (ends.some((node) => !findDefinition(node.type))) continue
    const before = { nodes: graph.nodes, edges: graph.edges.slice(0, index) }
    // Cycles are reported once for the whole graph, with every node in them.
    const refusal = checkEnds(before, edge)
    if (refusal) problems.push({ ...refusal, edgeId: edge.id, nodeId: edge.target })
  }
  return problems
}

function checkCycles(graph: Graph): GraphProblem[] {
  // What cannot be sorted lies on a cycle or behind one; only the first can be mended by its own edges.
  return sortNodes(graph.nodes, graph.edges)
    .cyclic.filter((id) => reachableFrom(graph, id).has(id))
    .map((id) => ({
      code: 'cycle' as const,
      nodeId: id,
      message: `Node "${id}" waits for itself: the edges close a cycle.`,
      remedy: 'Remove one edge of the cycle.',
    }))
}

function checkInterface(graph: Graph): GraphProblem[] {
  const problems = [...duplicateNames('input', graph.inputs), ...duplicateNames('output', graph.outputs)]
  const find = (id: string) => findDefinition(graph.nodes.find((node) => node.id === id)?.type ?? '')
  for (const input of graph.inputs)
    if (!Object.hasOwn(find(input.nodeId)?.params.shape ?? {}, input.field))
      problems.push({
        code: 'unknown-graph-input',
        nodeId: input.nodeId,
        field: input.field,
        message: `Graph input "${input.name}" names the param "${input.nodeId}.${input.field}", which does not exist.`,
        remedy: 'Remove the graph input, or name an existing param.',
      })
  for (const output of graph.outputs)
    if (!Object.hasOwn(find(output.nodeId)?.outputs ?? {}, output.port))
      problems.push({
        code: 'unknown-graph-output',
        nodeId: output.nodeId,
        field: output.port,
        message: `Graph output "${output.name}" names the port "${output.nodeId}.${output.port}", which does not exist.`,
        remedy: 'Remove the graph output, or name an existing port.',
      })
  return problems
}

function duplicateNames(
  kind: 'input' | 'output',
  named: readonly { name: string; nodeId: string }[],
): GraphProblem[] {
  return named
    .filter((one, index) => named.findIndex((other) => other.name === one.name) < index)
    .map(({ name, nodeId }) => ({
      code: 'duplicate-id' as const,
      nodeId,
      field: name,
      message: `Two graph ${kind}s are called "${name}".`,
      remedy: 'Give one another name.',
    }))
}
