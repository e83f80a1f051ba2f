/** Chooses the form field for a param: by its widget, else by what its schema lets through. */
import type { NodeDefinition, ParamMeta } from '@defect-studio/nodes'
import { z } from 'zod'

export const fieldKinds = [
  'number',
  'slider',
  'text',
  'textarea',
  'select',
  'switch',
  'seed',
  'image',
  'collection',
  'drawn-mask',
  'model',
  'source-folder',
  'source-bucket',
] as const
export type FieldKind = (typeof fieldKinds)[number]

export function fieldKind(definition: NodeDefinition, field: string, meta: ParamMeta): FieldKind {
  const own = fieldKinds.find((kind) => kind === meta.widget)
  if (own) return own
  const schema = paramSchema(definition, field)
  if (schema.enum) return 'select'
  if (schema.type === 'boolean') return 'switch'
  return schema.type === 'integer' || schema.type === 'number' ? 'number' : 'text'
}

const ParamSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  multipleOf: z.number().optional(),
  maxLength: z.number().optional(),
})
export type ParamSchema = z.infer<typeof ParamSchema>

const known = new WeakMap<NodeDefinition, Record<string, ParamSchema>>()

/** The JSON Schema of one param; of a nullable one, the part that is not null. */
export function paramSchema(definition: NodeDefinition, field: string): ParamSchema {
  let schemas = known.get(definition)
  if (!schemas) {
    schemas = readSchemas(definition)
    known.set(definition, schemas)
  }
  return schemas[field] ?? {}
}

const Properties = z.object({ properties: z.record(z.string(), z.unknown()).default({}) })
const Nullable = z.object({ anyOf: z.array(ParamSchema) })

function readSchemas(definition: NodeDefinition): Record<string, ParamSchema> {
  const { properties } = Properties.parse(z.toJSONSchema(definition.params, { io: 'input' }))
  return Object.fromEntries(
    Object.entries(properties).map(([field, property]) => {
      const nullable = Nullable.safeParse(property)
      const schema = nullable.success
        ? nullable.data.anyOf.find((option) => option.type !== 'null')
        : ParamSchema.parse(property)
      return [field, schema ?? {}]
    }),
  )
}
