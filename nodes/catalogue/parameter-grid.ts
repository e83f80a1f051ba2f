/** Every combination of prompts, seeds and settings as one list, to see what each of them does. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { maxCollectionItems } from '../ports.ts'
import { gridBounds, gridSize } from '../sources/grid-points.ts'
import { longestNumberList, type NumberBounds, parseNumberList } from '../sources/number-list.ts'
import { longestPromptList, parsePromptLines } from '../sources/prompt-lines.ts'
import { GridItem, readItem } from '../sources/source-item.ts'

const numbers = (bounds: NumberBounds, title: string, help: string) =>
  z
    .string()
    .max(longestNumberList)
    .superRefine((text, check) => {
      const list = parseNumberList(text, bounds)
      if (!list.ok) check.addIssue({ code: 'custom', message: list.message })
    })
    .default('')
    .meta({ title, help })

export const parameterGrid = defineNode({
  type: 'parameter-grid',
  version: 1,
  title: 'Parameter grid',
  description: 'Gives every combination of prompts, seeds, strengths, guidance scales and steps.',
  category: 'input',
  immediate: true,
  kind: 'source',
  inputs: {},
  outputs: {
    prompt: { type: 'text', sometimes: true },
    seed: { type: 'number', sometimes: true },
    strength: { type: 'number', sometimes: true },
    guidance: { type: 'number', sometimes: true },
    steps: { type: 'number', sometimes: true },
  },
  params: z
    .object({
      prompts: z
        .string()
        .max(longestPromptList)
        .refine((text) => parsePromptLines(text, false).ok, 'A line is too long.')
        .default('')
        .meta({ title: 'Prompts', widget: 'textarea', help: 'One in each line.' }),
      alternatives: z
        .boolean()
        .default(false)
        .meta({ title: 'Choices in brackets', help: '{scratch|crack} gives one prompt for each of them.' }),
      seeds: numbers(gridBounds.seeds, 'Seeds', 'Such as 7, 11 or 1-20.'),
      randomSeeds: z.int().min(0).max(maxCollectionItems).default(0).meta({
        title: 'Random seeds',
        help: 'So many more seeds, drawn once for each run.',
      }),
      strengths: numbers(gridBounds.strengths, 'Strengths', 'Such as 0.5 or 0.2-0.8:0.2.'),
      guidanceScales: numbers(gridBounds.guidanceScales, 'Guidance scales', 'Such as 5, 7.5 or 4-12:2.'),
      steps: numbers(gridBounds.steps, 'Steps', 'Such as 20 or 10-50:10.'),
    })
    .superRefine((params, check) => {
      const size = gridSize(params)
      // What is wrong with one axis alone, its own schema says.
      if (!size.ok && (size.field === null || isFine(params.prompts, size.field)))
        check.addIssue({ code: 'custom', path: ['prompts'], message: size.message })
    }),
  price: () => 0,
  async run({ item }) {
    const { prompt, seed, strength, guidance, steps } = readItem(GridItem, item).ports
    return {
      prompt: given(prompt),
      seed: given(seed),
      strength: given(strength),
      guidance: given(guidance),
      steps: given(steps),
    }
  },
})

/** Whether the prompts are wrong only because of their choices. */
const isFine = (prompts: string, field: string) => field === 'prompts' && parsePromptLines(prompts, false).ok

/** An axis that the grid does not have gives nothing. */
const given = <T>(value: T | undefined): { value: T } | { items: [] } =>
  value === undefined ? { items: [] } : { value }
