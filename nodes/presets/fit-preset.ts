/** Holds a preset against the tool as it is today: what still fits, and what does not, by name. */
import { z } from 'zod'
import type { NodeDefinition, ParamMeta } from '../define-node.ts'
import type { JsonValue } from '../json-value.ts'
import { findDefinition } from '../node-definitions.ts'
import { paramMeta } from '../param-meta.ts'

export const LeftOut = z.object({
  field: z.string(),
  message: z.string().meta({ description: 'Why the param does not fit the tool as it is today.' }),
})
export type LeftOut = z.infer<typeof LeftOut>

interface Fit {
  params: Record<string, JsonValue>
  leftOut: LeftOut[]
}

/** Pictures belong to one graph: somebody else could not read them. */
const ofOneGraph: readonly ParamMeta['widget'][] = ['image', 'collection', 'drawn-mask']

/** Names of the params that a preset of the tool may hold, in the order of its form. */
export function presetFields(definition: Pick<NodeDefinition, 'type' | 'params'>): string[] {
  return paramMeta(definition).flatMap(([field, meta]) => (ofOneGraph.includes(meta.widget) ? [] : [field]))
}

/** @returns null when there is no such tool. */
export function fitPreset(tool: string, params: Readonly<Record<string, JsonValue>>): Fit | null {
  const definition = findDefinition(tool)
  if (!definition) return null
  const allowed = new Set(presetFields(definition))
  const fit: Fit = { params: {}, leftOut: [] }
  for (const [field, value] of Object.entries(params)) {
    const message = refuseParam(definition, allowed, field, value)
    if (message === null) fit.params[field] = value
    else fit.leftOut.push({ field, message })
  }
  return fit
}

function refuseParam(
  definition: NodeDefinition,
  allowed: ReadonlySet<string>,
  field: string,
  value: JsonValue,
): string | null {
  const schema: unknown = Object.hasOwn(definition.params.shape, field)
    ? definition.params.shape[field]
    : undefined
  if (!(schema instanceof z.ZodType)) return `${definition.title} has no param "${field}".`
  if (!allowed.has(field)) return 'Pictures belong to one graph and are not part of a preset.'
  const parsed = schema.safeParse(value)
  return parsed.success ? null : (parsed.error.issues[0]?.message ?? 'This value is not possible.')
}
