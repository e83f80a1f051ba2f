/** Looks at a picture and says in words what it shows: a prompt to draw more of the kind. */
import { z } from 'zod'
import { suggestModes } from '../activities.ts'
import { defineNode } from '../define-node.ts'
import { maxPromptLength } from '../params.ts'

export const suggestPrompts = defineNode({
  type: 'suggest-prompts',
  version: 1,
  title: 'Suggest prompts',
  description: 'Says which phrases fit the picture: a prompt, and the ranked list.',
  category: 'generate',
  inputs: { image: { type: 'image' } },
  outputs: { prompt: { type: 'text', title: 'Prompt' }, phrases: { type: 'text', title: 'Ranked phrases' } },
  params: z.object({
    model: z
      .string()
      .min(1)
      .max(200)
      .default('starter-image-text')
      .meta({ title: 'Model', widget: 'model', modelKind: 'image-text' }),
    mode: z.enum(suggestModes).default('fast').meta({
      title: 'Mode',
      help: 'Fast: the best phrases. Classic: one of each kind. Best: tries what fits together, slowly. Negative: what the picture is not.',
    }),
    caption: z.string().max(500).default('').meta({
      title: 'Caption',
      help: 'What the prompt begins with. Empty: the material and the defect that fit best.',
    }),
    count: z.int().min(1).max(32).default(6).meta({ title: 'Phrases', help: 'How many at most.' }),
    phrases: z.string().max(8000).default('').meta({
      title: 'Own phrases',
      widget: 'textarea',
      help: 'One on each line, below the name of its kind as [defect]. Empty: the list of the model.',
    }),
  }),
  price: (_params, prices) => prices.promptSuggestion,
  async run({ inputs, params, activities }) {
    const { prompt, ranked } = await activities.suggestPrompts({ image: inputs.image, ...params })
    const lines = ranked.map(({ score, category, phrase }) => `${score.toFixed(3)}  ${category}: ${phrase}`)
    return { prompt: { value: prompt.slice(0, maxPromptLength) }, phrases: { value: lines.join('\n') } }
  },
})
