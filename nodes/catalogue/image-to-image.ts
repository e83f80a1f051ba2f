/** Redraws a picture under a prompt; strength says how much of it may change. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { generatedItems } from '../generated-items.ts'
import { diffusionParams, fewPictures, pictureCount, tooManyPictures } from '../params.ts'

export const imageToImage = defineNode({
  type: 'image-to-image',
  version: 1,
  title: 'Image to image',
  description: 'Redraws a picture under a prompt.',
  category: 'generate',
  inputs: { image: { type: 'image' }, prompt: { type: 'text' } },
  outputs: { image: { type: 'image' } },
  params: z
    .object({
      strength: z.number().min(0).max(1).default(0.75).meta({
        title: 'Strength',
        widget: 'slider',
        linkable: true,
        step: 0.01,
        help: '0 keeps the picture, 1 forgets it.',
      }),
      ...diffusionParams,
    })
    .refine(fewPictures, tooManyPictures),
  price: (params, prices) => pictureCount(params) * prices.image,
  fanOut: pictureCount,
  async run({ inputs, params, activities, item }) {
    const drawn = await activities.imageToImage({
      ...params,
      image: inputs.image,
      prompt: inputs.prompt,
      seed: params.seed ?? 0,
    })
    return { image: { items: generatedItems(item.name, drawn, { ...params, prompt: inputs.prompt }) } }
  },
})
