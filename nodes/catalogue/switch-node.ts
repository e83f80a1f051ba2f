/** Sorts a list into up to four cases; what fits none of them goes on as the rest. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { conditionText, holds } from '../expression/condition.ts'
import { factsOf } from '../expression/facts.ts'

const condition = (title: string, help?: string) =>
  conditionText(true)
    .default('')
    .meta({ title, widget: 'expression', ...(help ? { help } : {}) })

export const switchNode = defineNode({
  type: 'switch',
  version: 1,
  title: 'Switch',
  description: 'Sends each picture to the first case whose condition is true of it.',
  category: 'control',
  immediate: true,
  inputs: {
    image: { type: 'image' },
    text: { type: 'text', optional: true },
    number: { type: 'number', optional: true },
  },
  outputs: {
    first: { type: 'image', sometimes: true, title: 'Case 1' },
    second: { type: 'image', sometimes: true, title: 'Case 2' },
    third: { type: 'image', sometimes: true, title: 'Case 3' },
    fourth: { type: 'image', sometimes: true, title: 'Case 4' },
    other: { type: 'image', sometimes: true, title: 'Other' },
  },
  params: z.object({
    first: condition('Case 1', "For example: contains(lower(text), 'crack'). An empty case takes nothing."),
    second: condition('Case 2'),
    third: condition('Case 3'),
    fourth: condition('Case 4'),
  }),
  price: () => 0,
  async run({ inputs, params, item, made }) {
    const facts = factsOf({ item, made, ...inputs })
    const cases = ['first', 'second', 'third', 'fourth'] as const
    const way = cases.find((one) => holds(params[one], facts)) ?? 'other'
    const itself = { items: [{ name: item.name, value: inputs.image, ...(made ? { made } : {}) }] }
    const nothing = { items: [] }
    return {
      first: way === 'first' ? itself : nothing,
      second: way === 'second' ? itself : nothing,
      third: way === 'third' ? itself : nothing,
      fourth: way === 'fourth' ? itself : nothing,
      other: way === 'other' ? itself : nothing,
    }
  },
})
