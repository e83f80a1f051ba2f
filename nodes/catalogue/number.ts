/** A number that several nodes can share, or that a subgraph takes in. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'

export const number = defineNode({
  type: 'number',
  version: 1,
  title: 'Number',
  description: 'A number for the params of other nodes: a seed, steps, a strength.',
  category: 'input',
  immediate: true,
  inputs: {},
  outputs: { number: { type: 'number' } },
  params: z.object({
    // Wide enough for every seed; anything larger is no param's value.
    value: z
      .number()
      .min(-(2 ** 32))
      .max(2 ** 32)
      .default(0)
      .meta({ title: 'Number', linkable: true }),
  }),
  valueParam: 'value',
  price: () => 0,
  async run({ params }) {
    return { number: { value: params.value } }
  },
})
