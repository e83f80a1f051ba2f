/** A folder of pictures: everything after it works on each of them, and the file names are kept. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { NamedCollection } from '../params.ts'
import { StudioError } from '../failures.ts'

export const loadFolder = defineNode({
  type: 'load-folder',
  version: 1,
  title: 'Load folder',
  description: 'Brings in a folder of photos; the nodes after it work on each one.',
  category: 'input',
  inputs: {},
  outputs: { image: { type: 'image' } },
  params: z.object({
    folder: NamedCollection.nullable().default(null).meta({
      title: 'Folder',
      widget: 'collection',
      required: true,
      help: 'Files that are not pictures are listed, not loaded.',
    }),
  }),
  price: () => 0,
  fanOut: (params) => params.folder?.count ?? 1,
  async run({ params, activities }) {
    if (!params.folder) throw new StudioError('invalid-graph', 'No folder is chosen.')
    const { name: _name, ...collection } = params.folder
    const { items } = await activities.listCollection({ collection })
    return { image: { items: items.map(({ name, image }) => ({ name, value: image })) } }
  },
})
