/** Parts a list in two by a condition: what it is true of goes one way, the rest the other. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { conditionText, holds } from '../expression/condition.ts'
import { factsOf } from '../expression/facts.ts'

export const ifNode = defineNode({
  type: 'if',
  version: 1,
  title: 'If',
  description: 'Sends each picture one way or the other, by a condition.',
  category: 'control',
  immediate: true,
  inputs: {
    image: { type: 'image' },
    text: { type: 'text', optional: true },
    number: { type: 'number', optional: true },
  },
  outputs: {
    yes: { type: 'image', sometimes: true, title: 'Yes' },
    no: { type: 'image', sometimes: true, title: 'No' },
  },
  params: z.object({
    condition: conditionText(false).default('width >= 512').meta({
      title: 'Condition',
      widget: 'expression',
      help: "For example: width >= 512 and not contains(prompt, 'rust'), or glob(name, 'part-*.png'), or number > 0.5.",
    }),
  }),
  price: () => 0,
  async run({ inputs, params, item, made }) {
    const isTrue = holds(params.condition, factsOf({ item, made, ...inputs }))
    const itself = { items: [{ name: item.name, value: inputs.image, ...(made ? { made } : {}) }] }
    return { yes: isTrue ? itself : { items: [] }, no: isTrue ? { items: [] } : itself }
  },
})
