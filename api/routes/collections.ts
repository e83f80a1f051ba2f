/** Folders of pictures: a stored list of names and keys, over which a graph's nodes map. */
import { type CollectionManifest, type CollectionRef, maxCollectionItems } from '@defect-studio/nodes'
import { createCollection as storeCollection, registerArtifact } from '@defect-studio/stores'
import { z } from 'zod'
import { cleanName } from '@defect-studio/stores'
import { readableArtifacts } from '@defect-studio/stores'
import { readerOf } from '../artifacts/store-upload.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import { KeyParams, NamedCollectionRef } from '../shapes/artifact.ts'

export const createCollection = defineRoute({
  method: 'post',
  path: '/collections',
  tag: 'artifacts',
  summary: 'Make a folder of uploaded pictures, for a load-folder node',
  description: 'Names keep their order; control characters and paths out of the folder are taken away.',
  auth: 'use-studio',
  body: z.object({
    name: z.string().max(1000),
    items: z
      .array(z.object({ name: z.string().max(1000), key: KeyParams.shape.key }))
      .min(1, 'The folder is empty: choose one with at least one picture.')
      .max(maxCollectionItems, `A folder may have ${maxCollectionItems} pictures: split it.`),
  }),
  status: 201,
  response: NamedCollectionRef,
  async handler({ studio, caller, body }) {
    const readable = await readableArtifacts(
      studio.db,
      caller,
      body.items.map((item) => item.key),
    )
    const items: CollectionManifest['items'] = []
    const missing: { code: string; field: string; message: string }[] = []
    for (const [index, { key, name }] of body.items.entries()) {
      const row = readable.get(key)
      if (row?.width && row.height) {
        const { mediaType, width, height } = row
        items.push({
          name: cleanName(name),
          image: { key, mediaType, width, height, bytes: Number(row.bytes) },
        })
      } else
        missing.push({
          code: 'unknown-artifact',
          field: `items.${index}.key`,
          message: `"${name}" is not a picture that you have uploaded.`,
        })
    }
    if (missing.length > 0)
      throw new ProblemError('unknown-artifact', `${missing.length} of the pictures are not in the studio.`, {
        remedy: 'Upload them first.',
        problems: missing,
      })
    const collection = await storeCollection(studio.artifacts, items)
    await registerArtifact(
      studio.db,
      { ...collectionFacts(collection), width: null, height: null },
      readerOf(caller),
    )
    return { ...collection, name: cleanName(body.name).replaceAll('/', ' ') }
  },
})

const collectionFacts = ({ key, mediaType, bytes }: CollectionRef) => ({ key, mediaType, bytes })
