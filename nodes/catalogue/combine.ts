/** Every picture of one list with every line of another, such as a folder with a grid. */
import { z } from 'zod'
import type { CombinedLists } from '../activities.ts'
import { defineNode } from '../define-node.ts'
import { StudioError } from '../failures.ts'
import { runsOnWholes } from '../whole-node.ts'

export const combine = defineNode({
  type: 'combine',
  version: 1,
  title: 'Combine',
  description:
    'Pairs each picture with each prompt or grid point: three pictures and four points give twelve.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: {
    image: { type: 'image' },
    mask: { type: 'mask', optional: true },
    prompt: { type: 'text', optional: true },
    seed: { type: 'number', optional: true },
    strength: { type: 'number', optional: true },
    guidance: { type: 'number', optional: true },
    steps: { type: 'number', optional: true },
  },
  outputs: {
    image: { type: 'image' },
    mask: { type: 'mask', sometimes: true },
    prompt: { type: 'text', sometimes: true },
    seed: { type: 'number', sometimes: true },
    strength: { type: 'number', sometimes: true },
    guidance: { type: 'number', sometimes: true },
    steps: { type: 'number', sometimes: true },
  },
  params: z.object({}),
  price: () => 0,
  mostOut: (_params, _itemsIn, { image = 1, mask: _mask, ...points }) =>
    image * Math.max(1, ...Object.values(points)),
  run: runsOnWholes,
  async runWhole({ inputs, activities }) {
    const { image, mask, ...points } = inputs
    if (!image) throw new StudioError('invalid-input', 'There is no picture to combine with anything.')
    const lists: CombinedLists = { pictures: { image }, points: {} }
    if (mask) lists.pictures.mask = mask
    for (const port of ['prompt', 'seed', 'strength', 'guidance', 'steps'] as const) {
      const list = points[port]
      if (list) lists.points[port] = list
    }
    if (Object.keys(lists.points).length === 0)
      throw new StudioError('invalid-input', 'There is no prompt and no grid to combine the pictures with.')
    const { collections } = await activities.combineCollections(lists)
    return {
      image: collections.image ?? null,
      mask: collections.mask ?? null,
      prompt: collections.prompt ?? null,
      seed: collections.seed ?? null,
      strength: collections.strength ?? null,
      guidance: collections.guidance ?? null,
      steps: collections.steps ?? null,
    }
  },
})
