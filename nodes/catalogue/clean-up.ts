/** Takes what the mask marks out of the photo and fills the place from its surroundings. */
import { z } from 'zod'
import { defineNode, seedPlus } from '../define-node.ts'
import { seed } from '../params.ts'

export const cleanUp = defineNode({
  type: 'clean-up',
  version: 1,
  title: 'Clean up',
  description: 'Removes what the mask marks and fills the place from its surroundings.',
  category: 'edit',
  inputs: { image: { type: 'image' }, mask: { type: 'mask' } },
  outputs: { image: { type: 'image' } },
  params: z.object({
    method: z
      .enum(['patch-match', 'telea'])
      .default('patch-match')
      .meta({ title: 'Method', help: 'PatchMatch copies texture; Telea is quick and smooth.' }),
    seed: seed(),
  }),
  price: () => 1,
  async run({ inputs, params, activities, item }) {
    const usedSeed = seedPlus(params.seed ?? 0, item.index)
    const { image } = await activities.cleanUp({
      image: inputs.image,
      mask: inputs.mask,
      method: params.method,
      seed: usedSeed,
    })
    return { image: { value: image, made: { seed: usedSeed, model: params.method } } }
  },
})
