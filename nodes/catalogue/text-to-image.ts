/** Makes a picture from a text alone. */
import { z } from 'zod'
import { defineNode, seedPlus } from '../define-node.ts'
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
  price: pictureCount,
  fanOut: pictureCount,
  async run({ inputs, params, activities, item }) {
    const seed = seedPlus(params.seed ?? 0, item.index * pictureCount(params))
    const drawn = await activities.textToImage({ ...params, prompt: inputs.prompt, seed })
    return { image: { items: generatedItems(item.name, drawn, { ...params, prompt: inputs.prompt }) } }
  },
})
