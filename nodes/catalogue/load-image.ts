/** A picture from the studio's store: uploaded, or picked from the gallery. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { NamedImage } from '../params.ts'
import { StudioError } from '../failures.ts'

export const loadImage = defineNode({
  type: 'load-image',
  version: 1,
  title: 'Load image',
  description: 'Brings in a photo that you upload or pick from the gallery.',
  category: 'input',
  immediate: true,
  inputs: {},
  outputs: { image: { type: 'image' } },
  params: z.object({
    image: NamedImage.nullable()
      .default(null)
      .meta({ title: 'Image', widget: 'image', required: true, help: 'PNG, JPEG, WebP or TIFF.' }),
  }),
  valueParam: 'image',
  price: () => 0,
  async run({ params }) {
    if (!params.image) throw new StudioError('invalid-graph', 'No image is chosen.')
    const { name, ...value } = params.image
    return { image: { items: [{ name, value }] } }
  },
})
