/** Takes a part of a list: to try a graph with a few pictures, or to split a folder. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { maxCollectionItems } from '../ports.ts'
import { runsOnWholes } from '../whole-node.ts'

export const limit = defineNode({
  type: 'limit',
  version: 1,
  title: 'Limit',
  description: 'Lets only so many pictures of a list through.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: { image: { type: 'image' } },
  outputs: { image: { type: 'image', sometimes: true } },
  params: z.object({
    from: z.int().min(1).max(maxCollectionItems).default(1).meta({
      title: 'From',
      help: 'The place of the first picture; 1 is the first of the list.',
    }),
    count: z.int().min(1).max(maxCollectionItems).default(10).meta({ title: 'Count' }),
  }),
  price: () => 0,
  mostOut: ({ from, count }, itemsIn) => Math.max(0, Math.min(count, itemsIn - from + 1)),
  run: runsOnWholes,
  async runWhole({ inputs, params, activities }) {
    if (!inputs.image) return { image: null }
    const { collection } = await activities.limitCollection({
      collection: inputs.image,
      from: params.from - 1,
      count: params.count,
    })
    return { image: collection }
  },
})
