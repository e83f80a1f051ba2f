/** Redraws a picture under a prompt; strength says how much of it may change. */
import { z } from 'zod'
import { defineNode, seedPlus } from '../define-node.ts'
import { generatedItems } from '../generated-items.ts'
import { diffusionParams } from '../params.ts'

export const imageToImage = defineNode({
  type: 'image-to-image',
  version: 1,
  title: 'Image to image',
  description: 'Redraws a picture under a prompt.',
  category: 'generate',
  inputs: { image: { type: 'image' }, prompt: { type: 'text' } },
  outputs: { image: { type: 'image' } },
  params: z.object({
    strength: z
      .number()
      .min(0)
      .max(1)
      .default(0.75)
      .meta({ title: 'Strength', widget: 'slider', step: 0.01, help: '0 keeps the picture, 1 forgets it.' }),
    ...diffusionParams,
  }),
  price: (params) => params.count,
  fanOut: (params) => params.count,
  async run({ inputs, params, activities, item }) {
    const seed = seedPlus(params.seed ?? 0, item.index * params.count)
    const { images } = await activities.imageToImage({
      ...params,
      image: inputs.image,
      prompt: inputs.prompt,
      seed,
    })
    return { image: { items: generatedItems(item.name, images, { ...params, prompt: inputs.prompt }) } }
  },
})
