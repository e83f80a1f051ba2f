/** Cuts the part out of its background. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'

export const removeBackground = defineNode({
  type: 'remove-background',
  version: 1,
  title: 'Remove background',
  description: 'Cuts the part out: a picture with a transparent background, and the mask of the part.',
  category: 'edit',
  inputs: { image: { type: 'image' } },
  outputs: { image: { type: 'image' }, mask: { type: 'mask' } },
  params: z.object({
    model: z
      .string()
      .min(1)
      .max(200)
      .default('starter-matting')
      .meta({ title: 'Model', widget: 'model', modelKind: 'matting' }),
  }),
  price: () => 1,
  async run({ inputs, params, activities }) {
    const cut = await activities.removeBackground({ image: inputs.image, model: params.model })
    const made = { model: params.model }
    return { image: { value: cut.image, made }, mask: { value: cut.mask, made } }
  },
})
