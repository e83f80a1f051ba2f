/** Says where something may change: drawn over the picture by a person, or a random shape. */
import { z } from 'zod'
import { maskShapes } from '../activities.ts'
import { defineNode } from '../define-node.ts'
import { StudioError } from '../failures.ts'
import { NamedImage, seed } from '../params.ts'

const whenRandom = { field: 'mode', equals: 'random' }

export const mask = defineNode({
  type: 'mask',
  version: 1,
  title: 'Mask',
  description: 'Marks a place on the picture: drawn by hand, or a random shape.',
  category: 'input',
  inputs: { image: { type: 'image' } },
  outputs: { mask: { type: 'mask' } },
  params: z.object({
    mode: z.enum(['drawn', 'random']).default('random').meta({ title: 'Mode' }),
    drawn: NamedImage.nullable()
      .default(null)
      .meta({
        title: 'Drawing',
        widget: 'drawn-mask',
        required: true,
        showWhen: { field: 'mode', equals: 'drawn' },
      }),
    shape: z.enum(maskShapes).default('blob').meta({ title: 'Shape', showWhen: whenRandom }),
    size: z.number().min(0.01).max(1).default(0.25).meta({
      title: 'Size',
      widget: 'slider',
      step: 0.01,
      help: 'Part of the shorter side.',
      showWhen: whenRandom,
    }),
    shapes: z.int().min(1).max(20).default(1).meta({ title: 'How many', showWhen: whenRandom }),
    seed: seed().meta({ title: 'Seed', widget: 'seed', linkable: true, showWhen: whenRandom }),
  }),
  price: () => 0,
  async run({ inputs, params, activities }) {
    const { width, height } = inputs.image
    if (params.mode === 'drawn') {
      if (!params.drawn) throw new StudioError('invalid-graph', 'No mask is drawn yet.')
      const { name: _name, ...drawn } = params.drawn
      const { mask: value } = await activities.makeMask({ mode: 'drawn', width, height, drawn })
      return { mask: { value } }
    }
    const drawnSeed = params.seed ?? 0
    const { mask: value } = await activities.makeMask({
      mode: 'random',
      width,
      height,
      shape: params.shape,
      size: params.size,
      count: params.shapes,
      seed: drawnSeed,
    })
    return { mask: { value, made: { seed: drawnSeed } } }
  },
})
