/** Paints a defect into a photo by procedure: no model, and the exact mask comes with it. */
import { z } from 'zod'
import { defectKinds } from '../activities.ts'
import { defineNode } from '../define-node.ts'
import { seed } from '../params.ts'

export const drawDefect = defineNode({
  type: 'draw-defect',
  version: 1,
  title: 'Draw defect',
  description: 'Paints a scratch, crack, hole, stain, dent, rust or dirt into a photo, with its exact mask.',
  category: 'defect',
  inputs: { image: { type: 'image' }, place: { type: 'mask', optional: true, title: 'Place' } },
  outputs: { image: { type: 'image' }, mask: { type: 'mask' } },
  params: z.object({
    kind: z.enum(defectKinds).default('scratch').meta({ title: 'Kind' }),
    size: z
      .number()
      .min(0.02)
      .max(1)
      .default(0.3)
      .meta({ title: 'Size', widget: 'slider', step: 0.01, help: 'Part of the shorter side of the photo.' }),
    severity: z
      .number()
      .min(0)
      .max(1)
      .default(0.6)
      .meta({ title: 'Severity', widget: 'slider', step: 0.05, help: 'From barely seen to gross.' }),
    count: z.int().min(1).max(20).default(1).meta({ title: 'How many', help: 'Defects in one photo.' }),
    seed: seed(),
  }),
  price: (_params, prices) => prices.image,
  async run({ inputs, params, activities }) {
    const usedSeed = params.seed ?? 0
    const drawn = await activities.drawDefect({
      image: inputs.image,
      ...(inputs.place ? { place: inputs.place } : {}),
      kind: params.kind,
      size: params.size,
      severity: params.severity,
      count: params.count,
      seed: usedSeed,
    })
    const made = { seed: usedSeed, prompt: params.kind }
    return { image: { value: drawn.image, made }, mask: { value: drawn.mask, made } }
  },
})
