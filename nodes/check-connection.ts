/** Decides whether one edge may be drawn. The editor asks while connecting; `checkGraph` asks for every edge. */
import type { Graph, GraphNode } from './graph.ts'
import { fieldOfHandle } from './link-params.ts'
import { createPortLookup, type PortLookup } from './node-ports.ts'
import { portTypes } from './ports.ts'

export interface Connection {
  source: string
  sourceHandle: string
  target: string
  /** An input, or `params.<field>` for a param that an edge may feed. */
  targetHandle: string
}

export interface Refusal {
  code: 'unknown-node' | 'unknown-port' | 'type-mismatch' | 'input-taken' | 'cycle'
  message: string
  remedy: string
}

/** What of a graph says whether an edge fits. */
type Wired = Pick<Graph, 'nodes' | 'edges'> & Partial<Pick<Graph, 'subgraphs'>>

/**
 * Returns why the connection is refused, or null when it may be made.
 * @param graph the graph without this connection.
 */
export function checkConnection(graph: Wired, connection: Connection): Refusal | null {
  const source = graph.nodes.find((node) => node.id === connection.source)
  const target = graph.nodes.find((node) => node.id === connection.target)
  const refusal = checkEnds(source, target, connection, createPortLookup(graph.subgraphs ?? {}))
  if (refusal) return refusal
  const isTaken = graph.edges.some(
    (edge) => edge.target === connection.target && edge.targetHandle === connection.targetHandle,
  )
  if (isTaken) return taken(connection)
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

/** Whether both ends are there and carry the same; knows nothing of other edges. */
export function checkEnds(
  source: GraphNode | undefined,
  target: GraphNode | undefined,
  connection: Connection,
  ports: PortLookup,
): Refusal | null {
  if (!source || !target)
    return {
      code: 'unknown-node',
      message: `The edge names node "${source ? connection.target : connection.source}", which is not in the graph.`,
      remedy: 'Remove the edge.',
    }
  const output = ports.output(source, connection.sourceHandle)
  if (!output)
    return {
      code: 'unknown-port',
      message: `Node "${source.id}" has no output "${connection.sourceHandle}".`,
      remedy: 'Remove the edge and draw it again.',
    }
  const input = ports.input(target, connection.targetHandle)
  if (!input) {
    const field = fieldOfHandle(connection.targetHandle)
    return {
      code: 'unknown-port',
      message:
        field === null
          ? `Node "${target.id}" has no input "${connection.targetHandle}".`
          : `No edge may feed the param "${field}" of node "${target.id}".`,
      remedy:
        field === null ? 'Remove the edge and draw it again.' : 'Set the param in the form of the node.',
    }
  }
  if (output.type !== input.type)
    return {
      code: 'type-mismatch',
      message: `${article(portTypes[output.type].title)} cannot enter ${article(portTypes[input.type].title).toLowerCase()} port.`,
      remedy: `Connect an output of type ${portTypes[input.type].title.toLowerCase()}.`,
    }
  return null
}

/** The refusal of a second edge into one input. */
export function taken({ target, targetHandle }: Pick<Connection, 'target' | 'targetHandle'>): Refusal {
  return {
    code: 'input-taken',
    message: `Input "${targetHandle}" of node "${target}" already has an edge.`,
    remedy: 'Remove one of the two edges.',
  }
}

function article(title: string): string {
  return `${/^[aeiou]/i.test(title) ? 'An' : 'A'} ${title.toLowerCase()}`
}

/** The nodes behind `from` along edges; `from` itself only when it lies on a cycle. */
function reachableFrom(graph: Pick<Graph, 'edges'>, from: string): Set<string> {
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
