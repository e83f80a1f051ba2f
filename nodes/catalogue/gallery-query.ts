/** Pictures of the gallery that fit a question, asked when the run is planned; masks come along. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { maxCollectionItems } from '../ports.ts'
import { GalleryItem, readItem } from '../sources/source-item.ts'

const isDay = (text: string) =>
  text === '' ||
  (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)) && isSameDay(text, new Date(text)))
/** 31 February is a date to `Date`: the third of March. */
const isSameDay = (text: string, date: Date) => date.toISOString().startsWith(text)

const day = (title: string, help: string) =>
  z.string().max(10).refine(isDay, 'Write a day as 2026-11-24.').default('').meta({ title, help })

const id = (title: string, help: string) =>
  z
    .string()
    .regex(/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})?$/i, 'This is no id.')
    .default('')
    .meta({ title, help })

export const galleryQuery = defineNode({
  type: 'gallery-query',
  version: 1,
  title: 'Gallery query',
  description: 'Takes the newest pictures of the gallery that fit, with their masks.',
  category: 'input',
  immediate: true,
  kind: 'source',
  inputs: {},
  outputs: { image: { type: 'image' }, mask: { type: 'mask', sometimes: true } },
  params: z.object({
    words: z.string().max(200).default('').meta({ title: 'Words', help: 'In the name or the prompt.' }),
    tool: z
      .string()
      .max(64)
      .default('')
      .meta({ title: 'Tool', help: 'Type of the node that made them, such as inpaint.' }),
    model: z.string().max(200).default('').meta({ title: 'Model', help: 'Name of the model, as a whole.' }),
    from: day('From day', 'Such as 2026-11-01; days are counted in UTC.'),
    to: day('To day', 'This day belongs to it.'),
    graphId: id('Graph', 'Id of a saved graph: only what its runs made.'),
    runId: id('Run', 'Id of a run: only what it made.'),
    newest: z
      .int()
      .min(1)
      .max(maxCollectionItems)
      .default(100)
      .meta({ title: 'At most', help: 'The newest so many.' }),
  }),
  price: () => 0,
  async run({ item }) {
    const { image, mask } = readItem(GalleryItem, item).ports
    return { image: { value: image }, mask: mask ? { value: mask } : { items: [] } }
  },
})
