/** A picture that is a mask already, such as one of a folder of masks: white is inside. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'

export const useAsMask = defineNode({
  type: 'use-as-mask',
  version: 1,
  title: 'Use as mask',
  description: 'Takes each picture as a mask: what is white in it is inside.',
  category: 'control',
  immediate: true,
  cacheable: false,
  inputs: { image: { type: 'image' } },
  outputs: { mask: { type: 'mask' } },
  params: z.object({}),
  price: () => 0,
  async run({ inputs }) {
    return { mask: { value: inputs.image } }
  },
})
