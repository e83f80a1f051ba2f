/** Reads what a param's schema says of its form field. */
import { z } from 'zod'
import type { NodeDefinition, ParamMeta } from './define-node.ts'
import { modelKinds } from './model-kinds.ts'

const Meta = z.object({
  title: z.string(),
  help: z.string().optional(),
  widget: z
    .enum([
      'slider',
      'textarea',
      'seed',
      'image',
      'collection',
      'drawn-mask',
      'model',
      'expression',
      'source-folder',
      'source-bucket',
    ])
    .optional(),
  step: z.number().optional(),
  required: z.boolean().optional(),
  modelKind: z.enum(modelKinds).optional(),
  linkable: z.boolean().optional(),
  showWhen: z.object({ field: z.string(), equals: z.string() }).optional(),
})

type Described = Pick<NodeDefinition, 'type' | 'params'>
/** Schemas never change; the editor asks for every node at every edit. */
const known = new WeakMap<NodeDefinition['params'], readonly [string, ParamMeta][]>()

/** [field, meta] for every param, in the order of the form. Throws when a param has no title: a fault of the catalogue. */
export function paramMeta(definition: Described): readonly [string, ParamMeta][] {
  const before = known.get(definition.params)
  if (before) return before
  const read = readMeta(definition)
  known.set(definition.params, read)
  return read
}

/** Whether the form shows the param now; what it hides has no effect. */
export function isShown(meta: ParamMeta, params: Readonly<Record<string, unknown>>): boolean {
  return !meta.showWhen || params[meta.showWhen.field] === meta.showWhen.equals
}

function readMeta(definition: Described): [string, ParamMeta][] {
  return Object.entries(definition.params.shape).map(([field, schema]) => {
    const meta = Meta.safeParse(schema instanceof z.ZodType ? schema.meta() : undefined)
    if (!meta.success)
      throw new Error(`Param "${field}" of node "${definition.type}" has no title in its meta().`)
    return [field, stripUndefined(meta.data)]
  })
}

function stripUndefined(meta: z.infer<typeof Meta>): ParamMeta {
  const { title, help, widget, step, required, modelKind, linkable, showWhen } = meta
  return {
    title,
    ...(help === undefined ? {} : { help }),
    ...(widget === undefined ? {} : { widget }),
    ...(step === undefined ? {} : { step }),
    ...(required === undefined ? {} : { required }),
    ...(modelKind === undefined ? {} : { modelKind }),
    ...(linkable === undefined ? {} : { linkable }),
    ...(showWhen === undefined ? {} : { showWhen }),
  }
}
