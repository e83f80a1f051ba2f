/** Decides whether one edge may be drawn. The editor asks while connecting; `checkGraph` asks for every edge. */
import type { Graph } from './graph.ts'
import { findDefinition } from './node-definitions.ts'
import { portTypes, type Port, type Ports } from './ports.ts'

export interface Connection {
  source: string
  sourceHandle: string
  target: string
  targetHandle: string
}

export interface Refusal {
  code: 'unknown-node' | 'unknown-port' | 'type-mismatch' | 'input-taken' | 'cycle'
  message: string
  remedy: string
}

/**
 * Returns why the connection is refused, or null when it may be made.
 * @param graph the graph without this connection.
 */
export function checkConnection(
  graph: Pick<Graph, 'nodes' | 'edges'>,
  connection: Connection,
): Refusal | null {
  const refusal = checkEnds(graph, connection)
  if (refusal) return refusal
  if (
    connection.source === connection.target ||
    reachableFrom(graph, connection.target).has(connection.source)
  )
    return {
      code: 'cycle',
      message: 'This edge would close a cycle: a node would wait for itself.',
      remedy: 'Remove one edge of the cycle.',
    }
  return null
}

/** The same without the search for cycles, which costs a walk through the graph. */
export function checkEnds(graph: Pick<Graph, 'nodes' | 'edges'>, connection: Connection): Refusal | null {
  const source = graph.nodes.find((node) => node.id === connection.source)
  const target = graph.nodes.find((node) => node.id === connection.target)
  if (!source || !target)
    return {
      code: 'unknown-node',
      message: `The edge names node "${source ? connection.target : connection.source}", which is not in the graph.`,
      remedy: 'Remove the edge.',
    }
  const output = portOf(findDefinition(source.type)?.outputs, connection.sourceHandle)
  const input = portOf(findDefinition(target.type)?.inputs, connection.targetHandle)
  if (!output)
    return {
      code: 'unknown-port',
      message: `Node "${source.id}" has no output "${connection.sourceHandle}".`,
      remedy: 'Remove the edge and draw it again.',
    }
  if (!input)
    return {
      code: 'unknown-port',
      message: `Node "${target.id}" has no input "${connection.targetHandle}".`,
      remedy: 'Remove the edge and draw it again.',
    }
  if (output.type !== input.type)
    return {
      code: 'type-mismatch',
      message: `${article(portTypes[output.type].title)} cannot enter ${article(portTypes[input.type].title).toLowerCase()} port.`,
      remedy: `Connect an output of type ${portTypes[input.type].title.toLowerCase()}.`,
    }
  const taken = graph.edges.some(
    (edge) => edge.target === connection.target && edge.targetHandle === connection.targetHandle,
  )
  if (taken)
    return {
      code: 'input-taken',
      message: `Input "${connection.targetHandle}" of node "${target.id}" already has an edge.`,
      remedy: 'Remove one of the two edges.',
    }
  return null
}

/** Only what the definition itself says: `constructor` is no port. */
function portOf(ports: Ports | undefined, name: string): Port | undefined {
  return ports && Object.hasOwn(ports, name) ? ports[name] : undefined
}

function article(title: string): string {
  return `${/^[aeiou]/i.test(title) ? 'An' : 'A'} ${title.toLowerCase()}`
}

/** The nodes behind `from` along edges; `from` itself only when it lies on a cycle. */
export function reachableFrom(graph: Pick<Graph, 'edges'>, from: string): Set<string> {
  const targets = new Map<string, string[]>()
  for (const edge of graph.edges) {
    const known = targets.get(edge.source)
    if (known) known.push(edge.target)
    else targets.set(edge.source, [edge.target])
  }
  const reached = new Set<string>()
  const waiting = [from]
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
    for (const target of targets.get(id) ?? [])
      if (!reached.has(target)) {
        reached.add(target)
        waiting.push(target)
      }
  return reached
}
