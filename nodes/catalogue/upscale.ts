/** Makes a picture larger, with detail where resizing would only blur. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'

export const upscale = defineNode({
  type: 'upscale',
  version: 1,
  title: 'Upscale',
  description: 'Makes the picture two, three or four times as large, with sharp edges.',
  category: 'edit',
  inputs: { image: { type: 'image' } },
  outputs: { image: { type: 'image' } },
  params: z.object({
    model: z
      .string()
      .min(1)
      .max(200)
      .default('starter-upscale')
      .meta({ title: 'Model', widget: 'model', modelKind: 'super-resolution' }),
    factor: z.int().min(2).max(4).default(2).meta({
      title: 'Factor',
      widget: 'slider',
      help: 'How many times as wide and as tall.',
    }),
  }),
  price: (_params, prices) => prices.image,
  async run({ inputs, params, activities }) {
    const { image } = await activities.upscale({ image: inputs.image, ...params })
    return { image: { value: image, made: { model: params.model } } }
  },
})
