/** A folder of pictures: everything after it works on each of them, and the file names are kept. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { NamedCollection } from '../params.ts'
import { ImageRef } from '../ports.ts'
import { readItem } from '../sources/source-item.ts'

export const loadFolder = defineNode({
  type: 'load-folder',
  version: 1,
  title: 'Load folder',
  description: 'Brings in a folder of photos; the nodes after it work on each one.',
  category: 'input',
  immediate: true,
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
  price: () => 0,
  async run({ item }) {
    return { image: { value: readItem(ImageRef, item) } }
  },
})
