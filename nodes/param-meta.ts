/** Reads what a param's schema says of its form field. */
import { z } from 'zod'
import type { NodeDefinition, ParamMeta } from './define-node.ts'
import { modelKinds } from './model-kinds.ts'

const Meta = z.object({
  title: z.string(),
  help: z.string().optional(),
  widget: z.enum(['slider', 'textarea', 'seed', 'image', 'collection', 'drawn-mask', 'model']).optional(),
  step: z.number().optional(),
  required: z.boolean().optional(),
  modelKind: z.enum(modelKinds).optional(),
  showWhen: z.object({ field: z.string(), equals: z.string() }).optional(),
})

/** [field, meta] for every param, in the order of the form. Throws when a param has no title: a fault of the catalogue. */
export function paramMeta(definition: Pick<NodeDefinition, 'type' | 'params'>): [string, ParamMeta][] {
  return Object.entries(definition.params.shape).map(([field, schema]) => {
    const meta = Meta.safeParse(schema instanceof z.ZodType ? schema.meta() : undefined)
    if (!meta.success)
      throw new Error(`Param "${field}" of node "${definition.type}" has no title in its meta().`)
    return [field, stripUndefined(meta.data)]
  })
}

function stripUndefined(meta: z.infer<typeof Meta>): ParamMeta {
  const { title, help, widget, step, required, modelKind, showWhen } = meta
  return {
    title,
    ...(help === undefined ? {} : { help }),
    ...(widget === undefined ? {} : { widget }),
    ...(step === undefined ? {} : { step }),
    ...(required === undefined ? {} : { required }),
    ...(modelKind === undefined ? {} : { modelKind }),
    ...(showWhen === undefined ? {} : { showWhen }),
  }
}
