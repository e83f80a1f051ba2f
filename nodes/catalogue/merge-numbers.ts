/** Joins lists of numbers into one. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { mergeLists } from '../merge-lists.ts'
import { runsOnWholes } from '../whole-node.ts'

export const mergeNumbers = defineNode({
  type: 'merge-numbers',
  version: 1,
  title: 'Merge numbers',
  description: 'Makes one list of two to four: one after the other, names that clash get a number.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: {
    first: { type: 'number', title: 'First' },
    second: { type: 'number', title: 'Second' },
    third: { type: 'number', optional: true, title: 'Third' },
    fourth: { type: 'number', optional: true, title: 'Fourth' },
  },
  outputs: { number: { type: 'number', sometimes: true } },
  params: z.object({}),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, activities }) {
    const { first, second, third, fourth } = inputs
    return { number: await mergeLists(activities, [first, second, third, fourth]) }
  },
})
