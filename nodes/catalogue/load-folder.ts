/** A folder of pictures: everything after it works on each of them, and the file names are kept. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { NamedCollection } from '../params.ts'
import { StudioError } from '../failures.ts'
import { ImageRef } from '../ports.ts'

export const loadFolder = defineNode({
  type: 'load-folder',
  version: 1,
  title: 'Load folder',
  description: 'Brings in a folder of photos; the nodes after it work on each one.',
  category: 'input',
  kind: 'source',
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
  valueParam: 'folder',
  price: () => 0,
  async run({ params, item }) {
    if (!params.folder) throw new StudioError('invalid-graph', 'No folder is chosen.')
    const picture = ImageRef.safeParse(item.value)
    if (!picture.success)
      throw new StudioError('invalid-input', `"${item.name}" in the folder is no picture.`)
    return { image: { value: picture.data } }
  },
})
