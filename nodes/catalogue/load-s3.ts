/** Pictures of an S3 bucket: listed when the run is planned, brought in picture by picture while it runs. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { ImportedItem, readItem } from '../sources/source-item.ts'
import { fileNamePattern, innerPath } from '../sources/source-params.ts'

export const loadS3 = defineNode({
  type: 'load-s3',
  version: 1,
  title: 'Load from S3',
  description: 'Brings in the pictures below a prefix of an S3 bucket.',
  category: 'input',
  kind: 'source',
  inputs: {},
  outputs: { image: { type: 'image' } },
  params: z.object({
    bucket: z.string().min(1).max(100).nullable().default(null).meta({
      title: 'Bucket',
      widget: 'source-bucket',
      required: true,
      help: 'Whoever runs the studio decides which buckets there are.',
    }),
    prefix: innerPath('Prefix', 'Only keys that begin so, such as line2/2026-11/. Empty: every key.'),
    pattern: fileNamePattern(),
  }),
  price: () => 0,
  async run({ item, activities }) {
    const { import: source } = readItem(ImportedItem, item)
    const { image } = await activities.importPicture({ source, name: item.name })
    return { image: { value: image } }
  },
})
