/** Puts the result where people find it again, with how it was made. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'

export const saveToGallery = defineNode({
  type: 'save-to-gallery',
  version: 1,
  title: 'Save to gallery',
  description: 'Keeps the picture, its mask and how it was made.',
  category: 'output',
  inputs: { image: { type: 'image' }, mask: { type: 'mask', optional: true } },
  outputs: { image: { type: 'image' } },
  params: z.object({}),
  price: () => 0,
  async run({ inputs, activities, item, made }) {
    const { image } = await activities.saveToGallery({
      image: inputs.image,
      ...(inputs.mask ? { mask: inputs.mask } : {}),
      name: item.name,
      ...(made ? { made } : {}),
    })
    return { image: { value: image, ...(made ? { made } : {}) } }
  },
})
