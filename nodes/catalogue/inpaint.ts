/** Redraws only what the mask marks; every pixel outside stays as it was. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { generatedItems } from '../generated-items.ts'
import { diffusionParams, fewPictures, pictureCount, tooManyPictures } from '../params.ts'

export const inpaint = defineNode({
  type: 'inpaint',
  version: 1,
  title: 'Inpaint',
  description: 'Redraws what the mask marks under a prompt; nothing outside changes.',
  category: 'generate',
  inputs: { image: { type: 'image' }, mask: { type: 'mask' }, prompt: { type: 'text' } },
  outputs: { image: { type: 'image' } },
  params: z
    .object({
      strength: z.number().min(0).max(1).default(1).meta({
        title: 'Strength',
        widget: 'slider',
        linkable: true,
        step: 0.01,
        help: 'How much the marked place may change.',
      }),
      feather: z.int().min(0).max(64).default(4).meta({
        title: 'Feather',
        widget: 'slider',
        step: 1,
        help: 'Soft edge in pixels, inside the mask only.',
      }),
      ...diffusionParams,
    })
    .refine(fewPictures, tooManyPictures),
  price: (params, prices) => pictureCount(params) * prices.image,
  fanOut: pictureCount,
  async run({ inputs, params, activities, item }) {
    const drawn = await activities.inpaint({
      ...params,
      image: inputs.image,
      mask: inputs.mask,
      prompt: inputs.prompt,
      seed: params.seed ?? 0,
    })
    return { image: { items: generatedItems(item.name, drawn, { ...params, prompt: inputs.prompt }) } }
  },
})
