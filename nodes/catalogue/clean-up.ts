/** Takes what the mask marks out of the photo and fills the place from its surroundings. */
import { z } from 'zod'
import type { CleanUpMethod } from '../activities.ts'
import { defineNode } from '../define-node.ts'
import { promptText, seed } from '../params.ts'

const whenDiffusion = { field: 'method', equals: 'diffusion' }

const params = z.object({
  method: z
    .enum(['patch-match', 'telea', 'navier-stokes', 'lama', 'diffusion'])
    .default('patch-match')
    .meta({
      title: 'Method',
      help:
        'PatchMatch copies texture from around; Telea and Navier-Stokes are quick and smooth; ' +
        'LaMa needs its model; diffusion draws the place anew under a prompt.',
    }),
  fillModel: z
    .string()
    .max(200)
    .default('lama')
    .meta({
      title: 'Model',
      widget: 'model',
      modelKind: 'clean-up',
      showWhen: { field: 'method', equals: 'lama' },
    }),
  diffusionModel: z
    .string()
    .max(200)
    .default('starter')
    .meta({ title: 'Model', widget: 'model', modelKind: 'diffusion', showWhen: whenDiffusion }),
  prompt: promptText().default('clean surface without defects').meta({
    title: 'Prompt',
    widget: 'textarea',
    linkable: true,
    help: 'What the place should look like. It may be empty.',
    showWhen: whenDiffusion,
  }),
  steps: z
    .int()
    .min(1)
    .max(150)
    .default(20)
    .meta({ title: 'Steps', linkable: true, showWhen: whenDiffusion }),
  seed: seed(),
})

export const cleanUp = defineNode({
  type: 'clean-up',
  version: 2,
  title: 'Clean up',
  description: 'Removes what the mask marks and fills the place from its surroundings.',
  category: 'edit',
  inputs: { image: { type: 'image' }, mask: { type: 'mask' } },
  outputs: { image: { type: 'image' } },
  params,
  price: (_params, prices) => prices.image,
  async run({ inputs, params, activities }) {
    const usedSeed = params.seed ?? 0
    const method = methodOf(params)
    const {
      image,
      certificate,
      notes = [],
    } = await activities.cleanUp({
      image: inputs.image,
      mask: inputs.mask,
      seed: usedSeed,
      ...method,
    })
    const made = {
      seed: usedSeed,
      model: 'model' in method ? method.model : method.method,
      ...('prompt' in method && method.prompt ? { prompt: method.prompt } : {}),
      ...(certificate ? { certificate } : {}),
      ...(notes.length > 0 ? { notes } : {}),
    }
    return { image: { value: image, made } }
  },
})

/** What the method needs, and nothing else: params of other methods do not reach the work. */
function methodOf({
  method,
  fillModel,
  diffusionModel,
  prompt,
  steps,
}: z.output<typeof params>): CleanUpMethod {
  if (method === 'lama') return { method, model: fillModel }
  if (method === 'diffusion') return { method, model: diffusionModel, prompt, steps }
  return { method }
}
