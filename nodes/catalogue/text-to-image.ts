/** Makes a picture from a text alone. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { generatedItems } from '../generated-items.ts'
import { diffusionParams, fewPictures, pictureCount, side, tooManyPictures } from '../params.ts'

export const textToImage = defineNode({
  type: 'text-to-image',
  version: 1,
  title: 'Text to image',
  description: 'Makes a picture from a prompt.',
  category: 'generate',
  inputs: { prompt: { type: 'text' } },
  outputs: { image: { type: 'image' } },
  params: z
    .object({ width: side('Width'), height: side('Height'), ...diffusionParams })
    .refine(fewPictures, tooManyPictures),
  price: (params, prices) => pictureCount(params) * prices.image,
  fanOut: pictureCount,
  async run({ inputs, params, activities, item }) {
    const drawn = await activities.textToImage({ ...params, prompt: inputs.prompt, seed: params.seed ?? 0 })
    return { image: { items: generatedItems(item.name, drawn, { ...params, prompt: inputs.prompt }) } }
  },
})
