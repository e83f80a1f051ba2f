/** What can be wrong with a graph, or with one subgraph, as it is drawn: ids, frames, declared inputs and outputs. */
import { subgraphType, type Graph, type GraphNode } from '../graph.ts'
import { findDefinition } from '../node-definitions.ts'
import type { PortLookup } from '../node-ports.ts'
import type { GraphProblem } from '../problem.ts'
import type { PlacedProblem } from './unfolded.ts'

type Body = Pick<Graph, 'nodes' | 'inputs' | 'outputs' | 'frames'>

/** @param prefix `outer/` for the body of a subgraph. */
export function checkBody(body: Body, prefix: string, ports: PortLookup): PlacedProblem[] {
  return [
    // Which of two nodes an edge means nobody knows, whichever of them runs.
    ...twice(body.nodes, (node) => node.id).map((node) => ({
      at: null,
      problem: duplicate(prefix + node.id, undefined, `Two nodes have the id "${node.id}".`, 'id'),
    })),
    ...twice(body.frames, (frame) => frame.id).map((frame) => ({
      at: null,
      problem: duplicate(undefined, frame.id, `Two frames have the id "${frame.id}".`, 'id'),
    })),
    ...unknownFrames(body, prefix),
    ...checkInterface(body, prefix, ports),
  ]
}

function unknownFrames({ nodes, frames }: Body, prefix: string): PlacedProblem[] {
  const known = new Set(frames.map((frame) => frame.id))
  return nodes.flatMap((node): PlacedProblem[] => {
    if (node.frameId === undefined || known.has(node.frameId)) return []
    const id = prefix + node.id
    const message = `Node "${id}" lies in the frame "${node.frameId}", which does not exist.`
    const remedy = 'Take the node out of the frame, or draw the frame again.'
    return [{ at: id, problem: { code: 'unknown-frame', nodeId: id, field: 'frameId', message, remedy } }]
  })
}

function checkInterface(body: Body, prefix: string, ports: PortLookup): PlacedProblem[] {
  const nodes = new Map(body.nodes.map((node) => [node.id, node]))
  /** What names a node that is not there is wrong whatever runs. */
  const at = (nodeId: string) => (nodes.has(nodeId) ? prefix + nodeId : null)
  const problems: PlacedProblem[] = []
  for (const [kind, named] of [
    ['input', body.inputs],
    ['output', body.outputs],
  ] as const)
    for (const { name, nodeId } of twice<{ name: string; nodeId: string }>(named, (one) => one.name))
      problems.push({
        at: null,
        problem: duplicate(prefix + nodeId, name, `Two graph ${kind}s are called "${name}".`, 'name'),
      })
  for (const { name, nodeId, field } of body.inputs) {
    if (hasParam(nodes.get(nodeId), field, ports)) continue
    const id = prefix + nodeId
    const message = `Graph input "${name}" names the param "${id}.${field}", which does not exist.`
    const remedy = 'Remove the graph input, or name an existing param.'
    problems.push({
      at: at(nodeId),
      problem: { code: 'unknown-graph-input', nodeId: id, field, message, remedy },
    })
  }
  for (const { name, nodeId, port } of body.outputs) {
    const node = nodes.get(nodeId)
    // An unknown type or subgraph is reported once, at its node.
    if (node && (!ports.of(node) || ports.output(node, port))) continue
    const id = prefix + nodeId
    const message = `Graph output "${name}" names the port "${id}.${port}", which does not exist.`
    const remedy = 'Remove the graph output, or name an existing port.'
    problems.push({
      at: at(nodeId),
      problem: { code: 'unknown-graph-output', nodeId: id, field: port, message, remedy },
    })
  }
  return problems
}

function hasParam(node: GraphNode | undefined, field: string, ports: PortLookup): boolean {
  if (!node) return false
  const known = ports.of(node)
  if (!known) return true
  if (node.type === subgraphType) return ports.declares(node, field)
  return Object.hasOwn(findDefinition(node.type)?.params.shape ?? {}, field)
}

function twice<T>(list: readonly T[], keyOf: (one: T) => string): T[] {
  const seen = new Set<string>()
  return list.filter((one) => {
    const key = keyOf(one)
    const isSecond = seen.has(key)
    seen.add(key)
    return isSecond
  })
}

function duplicate(
  nodeId: string | undefined,
  field: string | undefined,
  message: string,
  what: 'id' | 'name',
): GraphProblem {
  return {
    code: 'duplicate-id',
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(field === undefined ? {} : { field }),
    message,
    remedy: `Give one another ${what}.`,
  }
}
