/** A folder on the studio's own machines: listed when the run is planned, brought in picture by picture while it runs. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { ImportedItem, readItem } from '../sources/source-item.ts'
import { fileNamePattern, innerPath } from '../sources/source-params.ts'

export const loadServerFolder = defineNode({
  type: 'load-server-folder',
  version: 1,
  title: 'Load server folder',
  description: 'Brings in the pictures of a folder that the studio itself can reach.',
  category: 'input',
  kind: 'source',
  inputs: {},
  outputs: { image: { type: 'image' } },
  params: z.object({
    root: z.string().min(1).max(100).nullable().default(null).meta({
      title: 'Server folder',
      widget: 'source-folder',
      required: true,
      help: 'Whoever runs the studio decides which folders there are.',
    }),
    path: innerPath('Folder inside it', 'For example line2/2026-11. Empty: the folder itself.'),
    pattern: fileNamePattern(),
    recursive: z.boolean().default(true).meta({ title: 'With the folders inside' }),
  }),
  price: () => 0,
  async run({ item, activities }) {
    const { import: source } = readItem(ImportedItem, item)
    const { image } = await activities.importPicture({ source, name: item.name })
    return { image: { value: image } }
  },
})
