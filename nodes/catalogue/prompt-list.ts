/** Many prompts from one text: each line is an item, over which everything after it maps. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { longestPromptList, parsePromptLines } from '../sources/prompt-lines.ts'
import { readItem } from '../sources/source-item.ts'

export const promptList = defineNode({
  type: 'prompt-list',
  version: 1,
  title: 'Prompt list',
  description: 'Gives one prompt for each line.',
  category: 'input',
  immediate: true,
  kind: 'source',
  inputs: {},
  outputs: { text: { type: 'text' } },
  params: z
    .object({
      lines: z
        .string()
        .max(longestPromptList)
        .refine((text) => parsePromptLines(text, false).ok, 'A line is too long.')
        .default('')
        .meta({ title: 'Prompts', widget: 'textarea', help: 'One in each line.' }),
      alternatives: z
        .boolean()
        .default(false)
        .meta({ title: 'Choices in brackets', help: '{scratch|crack} gives one prompt for each of them.' }),
    })
    .superRefine(({ lines, alternatives }, check) => {
      const read = parsePromptLines(lines, alternatives)
      // A line that is too long is said already.
      if (!read.ok && parsePromptLines(lines, false).ok)
        check.addIssue({ code: 'custom', path: ['lines'], message: read.message })
    }),
  price: () => 0,
  async run({ item }) {
    return { text: { value: readItem(z.string(), item) } }
  },
})
