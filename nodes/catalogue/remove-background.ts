/** Cuts the part out of its background. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'

export const removeBackground = defineNode({
  type: 'remove-background',
  version: 1,
  title: 'Remove background',
  description:
    'Cuts the part out: a picture with a transparent or plain background, and the mask of the part.',
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
    background: z.enum(['transparent', 'colour']).default('transparent').meta({ title: 'Background' }),
    colour: z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'A colour is # and six hexadecimal digits.')
      .default('#ffffff')
      .meta({
        title: 'Colour',
        help: 'Red, green and blue as #rrggbb.',
        showWhen: { field: 'background', equals: 'colour' },
      }),
  }),
  price: (_params, prices) => prices.image,
  async run({ inputs, params, activities }) {
    const { model, background, colour } = params
    const cut = await activities.removeBackground({
      image: inputs.image,
      model,
      ...(background === 'colour' ? { colour } : {}),
    })
    const made = { model }
    return { image: { value: cut.image, made }, mask: { value: cut.mask, made } }
  },
})
