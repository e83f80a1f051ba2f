/** Joins lists of masks into one. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { mergeLists } from '../merge-lists.ts'
import { runsOnWholes } from '../whole-node.ts'

export const mergeMasks = defineNode({
  type: 'merge-masks',
  version: 1,
  title: 'Merge masks',
  description: 'Makes one list of two to four: one after the other, names that clash get a number.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: {
    first: { type: 'mask', title: 'First' },
    second: { type: 'mask', title: 'Second' },
    third: { type: 'mask', optional: true, title: 'Third' },
    fourth: { type: 'mask', optional: true, title: 'Fourth' },
  },
  outputs: { mask: { type: 'mask', sometimes: true } },
  params: z.object({}),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, activities }) {
    const { first, second, third, fourth } = inputs
    return { mask: await mergeLists(activities, [first, second, third, fourth]) }
  },
})
