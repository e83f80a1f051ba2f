/** A text that several nodes can share. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { promptText } from '../params.ts'

export const prompt = defineNode({
  type: 'prompt',
  version: 1,
  title: 'Prompt',
  description: 'A text that says what the picture shows.',
  category: 'input',
  immediate: true,
  inputs: {},
  outputs: { text: { type: 'text' } },
  params: z.object({
    text: promptText().default('').meta({
      title: 'Text',
      widget: 'textarea',
      linkable: true,
      help: 'For example: brushed metal with a (scratch:1.2). Brackets and a number say how much words count.',
    }),
  }),
  valueParam: 'text',
  price: () => 0,
  async run({ params }) {
    return { text: { value: params.text } }
  },
})
