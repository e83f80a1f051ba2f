/** The edits that people make to a graph, each a pure function from one graph to the next. */
import {
  findDefinition,
  paramHandle,
  type Connection,
  type Graph,
  type GraphNode,
} from '@defect-studio/nodes'

export type Position = GraphNode['position']
type ParamValue = GraphNode['params'][string]

/** A new node with the definition's defaults; its id tells its type, because `--param` names it on the terminal. */
export function addNode(graph: Graph, type: string, position: Position): { graph: Graph; id: string } {
  const id = freeName(
    type,
    graph.nodes.map((node) => node.id),
  )
  const next = { ...graph, nodes: [...graph.nodes, { id, type, position, params: {} }] }
  return { graph: declareOutput(next, id, type), id }
}

/** What is saved to the gallery is what a run hands back by name. */
function declareOutput(graph: Graph, nodeId: string, type: string): Graph {
  if (type !== 'save-to-gallery') return graph
  const taken = graph.outputs.map((output) => output.name)
  const name = taken.includes('result') ? freeName('result', taken) : 'result'
  return { ...graph, outputs: [...graph.outputs, { name, nodeId, port: 'image' }] }
}

/** Takes the nodes out with every edge, input and output that named them. */
export function removeNodes(graph: Graph, ids: ReadonlySet<string>): Graph {
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => !ids.has(node.id)),
    edges: graph.edges.filter((edge) => !ids.has(edge.source) && !ids.has(edge.target)),
    inputs: graph.inputs.filter((input) => !ids.has(input.nodeId)),
    outputs: graph.outputs.filter((output) => !ids.has(output.nodeId)),
  }
}

export function removeEdges(graph: Graph, ids: ReadonlySet<string>): Graph {
  return { ...graph, edges: graph.edges.filter((edge) => !ids.has(edge.id)) }
}

/** Copies the nodes and the edges between them, a little to the right and below. */
export function duplicateNodes(
  graph: Graph,
  ids: ReadonlySet<string>,
): { graph: Graph; copies: ReadonlySet<string> } {
  const copyOf = new Map<string, string>()
  let next = graph
  for (const node of graph.nodes.filter((each) => ids.has(each.id))) {
    const added = addNode(next, node.type, { x: node.position.x + 40, y: node.position.y + 40 })
    copyOf.set(node.id, added.id)
    const { id: _id, position: _position, ...kept } = node
    next = replaceNode(added.graph, added.id, (copy) => ({ ...copy, ...structuredClone(kept) }))
  }
  for (const edge of graph.edges) {
    const source = copyOf.get(edge.source)
    const target = copyOf.get(edge.target)
    if (source && target) next = connect(next, { ...edge, source, target })
  }
  return { graph: next, copies: new Set(copyOf.values()) }
}

/** Draws an edge that `checkConnection` has allowed. */
export function connect(graph: Graph, { source, sourceHandle, target, targetHandle }: Connection): Graph {
  const id = `${source}.${sourceHandle}-${target}.${targetHandle}`
  return { ...graph, edges: [...graph.edges, { id, source, sourceHandle, target, targetHandle }] }
}

/** Lets an output feed a param instead of what fed it before; undefined: nothing, so that its own value counts. */
export function feedParam(
  graph: Graph,
  id: string,
  field: string,
  from: { source: string; port: string } | undefined,
): Graph {
  const targetHandle = paramHandle(field)
  const edges = graph.edges.filter((edge) => edge.target !== id || edge.targetHandle !== targetHandle)
  const free = { ...graph, edges }
  return from
    ? connect(free, { source: from.source, sourceHandle: from.port, target: id, targetHandle })
    : free
}

export function setParam(graph: Graph, id: string, field: string, value: ParamValue): Graph {
  return replaceNode(graph, id, (node) => ({ ...node, params: { ...node.params, [field]: value } }))
}

/** An empty title falls back to the definition's. */
export function setTitle(graph: Graph, id: string, title: string): Graph {
  return replaceNode(graph, id, ({ title: _title, ...node }) => (title === '' ? node : { ...node, title }))
}

/** Takes the mode back when every one of the nodes has it already. */
export function toggleMode(
  graph: Graph,
  ids: ReadonlySet<string>,
  mode: NonNullable<GraphNode['mode']>,
): Graph {
  const all = graph.nodes.every((node) => !ids.has(node.id) || node.mode === mode)
  return [...ids].reduce((next, id) => setBehaviour(next, id, { mode: all ? undefined : mode }), graph)
}

/** How the node behaves in a run; what is undefined falls back to what is usual. */
export function setBehaviour(
  graph: Graph,
  id: string,
  change: { [Key in 'mode' | 'pinned' | 'onFailure' | 'attempts']?: GraphNode[Key] | undefined },
): Graph {
  return replaceNode(graph, id, ({ mode, pinned, onFailure, attempts, ...node }) => {
    const next = { mode, pinned, onFailure, attempts, ...change }
    return {
      ...node,
      ...(next.mode && { mode: next.mode }),
      ...(next.pinned && { pinned: next.pinned }),
      ...(next.onFailure && { onFailure: next.onFailure }),
      ...(next.attempts && { attempts: next.attempts }),
    }
  })
}

export function moveNodes(graph: Graph, positions: ReadonlyMap<string, Position>): Graph {
  return {
    ...graph,
    nodes: graph.nodes.map((node) => {
      const position = positions.get(node.id)
      return position ? { ...node, position } : node
    }),
  }
}

/** Declares a param as an input of the graph, or, when it is one, takes that back. */
export function toggleInput(graph: Graph, nodeId: string, field: string): Graph {
  const without = graph.inputs.filter((input) => input.nodeId !== nodeId || input.field !== field)
  if (without.length < graph.inputs.length) return { ...graph, inputs: without }
  const taken = graph.inputs.map((input) => input.name)
  const name = taken.includes(field) ? freeName(field, taken) : field
  return { ...graph, inputs: [...graph.inputs, { name, nodeId, field }] }
}

export function renameInput(graph: Graph, nodeId: string, field: string, name: string): Graph {
  return {
    ...graph,
    inputs: graph.inputs.map((input) =>
      input.nodeId === nodeId && input.field === field ? { ...input, name } : input,
    ),
  }
}

export function renameOutput(graph: Graph, nodeId: string, port: string, name: string): Graph {
  return {
    ...graph,
    outputs: graph.outputs.map((output) =>
      output.nodeId === nodeId && output.port === port ? { ...output, name } : output,
    ),
  }
}

/** Whether the name may be given: the form of the contract, and not given twice. */
export function isFreeInterfaceName(name: string, others: readonly string[]): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name) && !others.includes(name)
}

/** The node's params with the defaults filled in; what is there stays even when it is wrong. */
export function shownParams(node: GraphNode): Record<string, unknown> {
  const defaults = findDefinition(node.type)?.params.safeParse({})
  return { ...(defaults?.success ? defaults.data : {}), ...node.params }
}

function replaceNode(graph: Graph, id: string, replace: (node: GraphNode) => GraphNode): Graph {
  return { ...graph, nodes: graph.nodes.map((node) => (node.id === id ? replace(node) : node)) }
}

/** `base-1`, or the next number that is free. */
function freeName(base: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) if (!taken.includes(`${base}-${number}`)) return `${base}-${number}`
}
