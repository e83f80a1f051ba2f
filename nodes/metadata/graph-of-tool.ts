/** Draws the smallest graph around one tool: what it needs before it, and the gallery behind it. */
import { z } from 'zod'
import { emptyGraph, type Edge, type Graph, type GraphNode } from '../graph.ts'
import { JsonValue } from '../json-value.ts'
import { findDefinition } from '../node-definitions.ts'

const column = 340
const row = 220

/**
 * @param params by the names of the node's params; a `prompt` that is no param becomes a prompt node. What the node
 *   does not know, or knows with other bounds, is left out and told.
 * @returns null when there is no such tool.
 */
export function graphOfTool(
  type: string,
  params: Readonly<Record<string, JsonValue>>,
  output = 'image',
): { graph: Graph; notes: string[] } | null {
  const definition = findDefinition(type)
  if (!definition) return null
  const nodes: GraphNode[] = []
  const edges: Edge[] = []
  const connect = (source: string, sourceHandle: string, target: string, targetHandle: string) =>
    edges.push({ id: `e${edges.length + 1}`, source, sourceHandle, target, targetHandle })

  const needed = Object.entries(definition.inputs).filter(([, port]) => !port.optional)
  const needsPhoto = needed.some(([, port]) => port.type !== 'text' && port.type !== 'number')
  if (needsPhoto)
    nodes.push({ id: 'photo', type: 'load-image', position: { x: 0, y: row }, params: { image: null } })
  for (const [port, { type: kind }] of needed) {
    if (kind === 'image') connect('photo', 'image', 'tool', port)
    else if (kind === 'mask') {
      nodes.push({ id: 'mask', type: 'mask', position: { x: column, y: 2 * row }, params: {} })
      connect('photo', 'image', 'mask', 'image')
      connect('mask', 'mask', 'tool', port)
    } else {
      const text = z.string().safeParse(params['prompt']).data ?? ''
      nodes.push({ id: 'prompt', type: 'prompt', position: { x: column, y: 0 }, params: { text } })
      connect('prompt', 'text', 'tool', port)
    }
  }
  const { kept, notes } = fittingParams(definition, params)
  nodes.push({ id: 'tool', type, position: { x: 2 * column, y: row }, params: kept })
  if (definition.outputs[output]?.type === 'image' || definition.outputs['image']) {
    nodes.push({ id: 'save', type: 'save-to-gallery', position: { x: 3 * column, y: row }, params: {} })
    connect('tool', definition.outputs['image'] ? 'image' : output, 'save', 'image')
    if (definition.outputs['mask']) connect('tool', 'mask', 'save', 'mask')
  }
  if (needsPhoto) notes.push('The photo that it was made from is not in the file: choose it again.')
  return { graph: { ...emptyGraph, nodes, edges }, notes }
}

function fittingParams(
  definition: NonNullable<ReturnType<typeof findDefinition>>,
  params: Readonly<Record<string, JsonValue>>,
): { kept: Record<string, JsonValue>; notes: string[] } {
  const kept: Record<string, JsonValue> = {}
  const notes: string[] = []
  const isPrompt = Object.hasOwn(definition.inputs, 'prompt')
  for (const [field, schema] of Object.entries(definition.params.shape)) {
    if (!Object.hasOwn(params, field) || !(schema instanceof z.ZodType)) continue
    const allowed = schema.pipe(JsonValue).safeParse(params[field])
    if (allowed.success) kept[field] = allowed.data
    else notes.push(`"${field}" has a value that is not allowed here: ${shown(params[field])}.`)
  }
  for (const [field, value] of Object.entries(params))
    if (!Object.hasOwn(definition.params.shape, field) && !(isPrompt && field === 'prompt'))
      notes.push(`"${field.slice(0, 64)}" has no counterpart here: ${shown(value)}.`)
  return { kept, notes }
}

const shown = (value: JsonValue | undefined) => (JSON.stringify(value) ?? '').slice(0, 100)
