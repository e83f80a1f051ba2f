/** Folders of pictures: a stored list of names and keys, over which a graph's nodes map. */
import { type ManifestItem, maxCollectionItems } from '@defect-studio/nodes'
import {
  cleanName,
  createCollection as storeCollection,
  readableArtifacts,
  registerArtifact,
} from '@defect-studio/stores'
import { z } from 'zod'
import { readerOf } from '../artifacts/store-upload.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import { KeyParams, NamedCollectionRef } from '../shapes/artifact.ts'

/** Of a hundred thousand that are missing nobody reads more. */
const shownProblems = 100

export const createCollection = defineRoute({
  operationId: 'createCollection',
  method: 'post',
  path: '/collections',
  tag: 'artifacts',
  summary: 'Make a folder of uploaded pictures, for a load-folder node',
  description:
    `Up to ${maxCollectionItems} pictures. Names keep their order; control characters and paths out of the ` +
    'folder are taken away, and a name that comes again gets a number.',
  auth: 'use-studio',
  // A hundred thousand names of 200 characters with their keys.
  largestJson: 32 * 1024 * 1024,
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
    const items: ManifestItem[] = []
    const missing: { code: string; field: string; message: string }[] = []
    let missingCount = 0
    for (const [index, { key, name }] of body.items.entries()) {
      const row = readable.get(key)
      if (row?.width && row.height) {
        const { mediaType, width, height } = row
        const value = { key, mediaType, width, height, bytes: Number(row.bytes) }
        items.push({ name: cleanName(name), value })
      } else if (++missingCount <= shownProblems)
        missing.push({
          code: 'unknown-artifact',
          field: `items.${index}.key`,
          message: `"${name}" is not a picture that you have uploaded.`,
        })
    }
    if (missingCount > 0)
      throw new ProblemError('unknown-artifact', `${missingCount} of the pictures are not in the studio.`, {
        remedy: 'Upload them first.',
        problems: missing,
      })
    const collection = await storeCollection(studio.artifacts, items)
    const { count: _count, ...stored } = collection
    await registerArtifact(studio.db, { ...stored, width: null, height: null }, readerOf(caller))
    return { ...collection, name: cleanName(body.name).replaceAll('/', ' ') }
  },
})
