/** Joins lists of texts into one. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { mergeLists } from '../merge-lists.ts'
import { runsOnWholes } from '../whole-node.ts'

export const mergeTexts = defineNode({
  type: 'merge-texts',
  version: 1,
  title: 'Merge texts',
  description: 'Makes one list of two to four: one after the other, names that clash get a number.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: {
    first: { type: 'text', title: 'First' },
    second: { type: 'text', title: 'Second' },
    third: { type: 'text', optional: true, title: 'Third' },
    fourth: { type: 'text', optional: true, title: 'Fourth' },
  },
  outputs: { text: { type: 'text', sometimes: true } },
  params: z.object({}),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, activities }) {
    const { first, second, third, fourth } = inputs
    return { text: await mergeLists(activities, [first, second, third, fourth]) }
  },
})
