/** Joins lists of pictures into one. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { mergeLists } from '../merge-lists.ts'
import { runsOnWholes } from '../whole-node.ts'

export const mergeImages = defineNode({
  type: 'merge-images',
  version: 1,
  title: 'Merge images',
  description: 'Makes one list of two to four: one after the other, names that clash get a number.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: {
    first: { type: 'image', title: 'First' },
    second: { type: 'image', title: 'Second' },
    third: { type: 'image', optional: true, title: 'Third' },
    fourth: { type: 'image', optional: true, title: 'Fourth' },
  },
  outputs: { image: { type: 'image', sometimes: true } },
  params: z.object({}),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, activities }) {
    const { first, second, third, fourth } = inputs
    return { image: await mergeLists(activities, [first, second, third, fourth]) }
  },
})
