/** What a program has to know of a graph to run it: its declared inputs with their schemas, and its outputs. */
import { describeNode, findDefinition, type Graph, JsonValue } from '@defect-studio/nodes'
import { z } from 'zod'
import type { GraphInterface } from '../shapes/graph.ts'
import { portType } from './output-items.ts'

const Schema = z.record(z.string(), JsonValue)
type Schema = z.infer<typeof Schema>
const Properties = z.object({ properties: z.record(z.string(), Schema).default({}) })

export function graphInterface(graph: Graph): GraphInterface {
  const typeOf = (nodeId: string) => graph.nodes.find((node) => node.id === nodeId)?.type ?? ''
  return {
    inputs: graph.inputs.map(({ name, nodeId, field }) => ({
      name,
      field: `${nodeId}.${field}`,
      // Any value where nobody can say: an input of a subgraph is what that subgraph makes of it.
      schema: paramsOf(typeOf(nodeId))[field] ?? {},
    })),
    outputs: graph.outputs.map(({ name, nodeId, port }) => ({ name, type: portType(typeOf(nodeId), port) })),
  }
}

/** Node types do not change while a process lives, and a graph is saved every few seconds. */
const known = new Map<string, Readonly<Record<string, Schema>>>()

function paramsOf(type: string): Readonly<Record<string, Schema>> {
  const kept = known.get(type)
  if (kept) return kept
  const definition = findDefinition(type)
  const described = Properties.safeParse(definition && describeNode(definition).params)
  const params = described.success ? described.data.properties : {}
  if (definition) known.set(type, params)
  return params
}
