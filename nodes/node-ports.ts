/** The ports of any node of a graph: those of its definition, or those that a subgraph declares. */
import { subgraphType, type GraphNode, type Subgraph } from './graph.ts'
import { fieldOfHandle, linkablePorts } from './link-params.ts'
import { findDefinition } from './node-definitions.ts'
import type { Port, Ports } from './ports.ts'
import { subgraphOf, type Subgraphs } from './subgraph-params.ts'

export interface NodePorts {
  inputs: Ports
  outputs: Ports
}

/** Looks ports up, and remembers those of each subgraph as long as it lives: a graph that changes needs a new one. */
export interface PortLookup {
  /** Null when nobody can know: the type or the subgraph is not there. */
  of(node: Pick<GraphNode, 'type' | 'params'>): NodePorts | null
  /** An input by its handle, also `params.<field>`. Only what is declared: `constructor` is no port. */
  input(node: Pick<GraphNode, 'type' | 'params'>, handle: string): Port | undefined
  output(node: Pick<GraphNode, 'type' | 'params'>, handle: string): Port | undefined
  /** Whether the subgraph of a node declares such an input, also one that no edge can feed. */
  declares(node: Pick<GraphNode, 'type' | 'params'>, name: string): boolean
}

export function createPortLookup(subgraphs: Subgraphs): PortLookup {
  const known = new Map<string, NodePorts>()
  /** Subgraphs whose ports are being found: one that contains itself has none there. */
  const open = new Set<string>()

  function of(node: Pick<GraphNode, 'type' | 'params'>): NodePorts | null {
    if (node.type !== subgraphType) return findDefinition(node.type) ?? null
    const named = subgraphOf(node, subgraphs)
    if (!named || open.has(named.name)) return null
    const before = known.get(named.name)
    if (before) return before
    open.add(named.name)
    const ports = portsOf(named.subgraph)
    open.delete(named.name)
    known.set(named.name, ports)
    return ports
  }

  function portsOf(subgraph: Subgraph): NodePorts {
    const nodes = new Map(subgraph.nodes.map((node) => [node.id, node]))
    const inputs: Record<string, Port> = {}
    const outputs: Record<string, Port> = {}
    for (const { name, nodeId, field } of subgraph.inputs) {
      const port = inputOf(nodes.get(nodeId), field)
      if (port) inputs[name] = { type: port.type, optional: true, title: name }
    }
    for (const { name, nodeId, port: handle } of subgraph.outputs) {
      const node = nodes.get(nodeId)
      const port = node && output(node, handle)
      if (port)
        outputs[name] = { type: port.type, title: name, ...(port.sometimes ? { sometimes: true } : {}) }
    }
    return { inputs, outputs }
  }

  function inputOf(node: GraphNode | undefined, field: string): Port | undefined {
    if (!node) return undefined
    if (node.type === subgraphType) return own(of(node)?.inputs, field)
    const definition = findDefinition(node.type)
    if (!definition) return undefined
    return definition.valueParam === field
      ? Object.values(definition.outputs)[0]
      : own(linkablePorts(definition), field)
  }

  function input(node: Pick<GraphNode, 'type' | 'params'>, handle: string): Port | undefined {
    const field = fieldOfHandle(handle)
    if (field === null) return own(of(node)?.inputs, handle)
    const definition = findDefinition(node.type)
    return definition && own(linkablePorts(definition), field)
  }

  function output(node: Pick<GraphNode, 'type' | 'params'>, handle: string): Port | undefined {
    return own(of(node)?.outputs, handle)
  }

  return {
    of,
    input,
    output,
    declares: (node, name) =>
      subgraphOf(node, subgraphs)?.subgraph.inputs.some((declared) => declared.name === name) ?? false,
  }
}

function own(ports: Ports | undefined, name: string): Port | undefined {
  return ports && Object.hasOwn(ports, name) ? ports[name] : undefined
}
