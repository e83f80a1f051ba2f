/** What a program has to know of a graph to run it: its declared inputs with their schemas, and its outputs. */
import { describeNode, findDefinition, type Graph, JsonValue, readGraph } from '@defect-studio/nodes'
import type { FoundGraph } from '@defect-studio/stores'
import { z } from 'zod'
import { ProblemError } from '../problem.ts'
import type { CallerGraph } from '../shapes/caller-run.ts'
import { portType } from './output-items.ts'

const Schema = z.record(z.string(), JsonValue)
const Properties = z.object({ properties: z.record(z.string(), Schema).default({}) })

export function describeCallerGraph({
  id,
  name,
  revision,
  document,
}: FoundGraph): z.input<typeof CallerGraph> {
  const read = readGraph(document)
  if (!read.ok)
    throw new ProblemError('invalid-graph', 'This graph cannot be read.', { problems: read.problems })
  const { graph } = read
  return {
    id: id ?? '',
    name,
    revision,
    inputs: graph.inputs.map((input) => ({
      name: input.name,
      field: `${input.nodeId}.${input.field}`,
      schema: schemaOf(graph, input.nodeId, input.field),
    })),
    outputs: graph.outputs.map((output) => ({
      name: output.name,
      type: portType(graph.nodes.find((node) => node.id === output.nodeId)?.type ?? '', output.port),
    })),
  }
}

/** Any value where nobody can say: an input of a subgraph is what that subgraph makes of it. */
function schemaOf(graph: Graph, nodeId: string, field: string): Record<string, JsonValue> {
  const definition = findDefinition(graph.nodes.find((node) => node.id === nodeId)?.type ?? '')
  if (!definition) return {}
  const described = Properties.safeParse(describeNode(definition).params)
  return described.success ? (described.data.properties[field] ?? {}) : {}
}
