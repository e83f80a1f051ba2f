/** Stored pictures as the API shows them: what a graph needs to name one, and a link that shows it. */
import { CollectionRef, ImageRef } from '@defect-studio/nodes'
import { z } from 'zod'

export const PictureLink = ImageRef.extend({
  url: z.string().meta({ description: 'Signed; works without a header for one to two hours.' }),
  thumbnailUrl: z
    .string()
    .meta({ description: 'WebP, at most 256 pixels a side; append `&size=512` for more.' }),
}).meta({ id: 'PictureLink' })

export const UploadedPicture = PictureLink.extend({ name: z.string() }).meta({ id: 'UploadedPicture' })

export const ArtifactDescription = z
  .object({
    key: z.string(),
    mediaType: z.string(),
    bytes: z.int(),
    width: z.int().nullable(),
    height: z.int().nullable(),
    createdAt: z.iso.datetime(),
    url: z.string(),
    thumbnailUrl: z.string().nullable().meta({ description: 'Null for what is no picture.' }),
  })
  .meta({ id: 'Artifact' })

export const NamedCollectionRef = CollectionRef.extend({ name: z.string() }).meta({ id: 'Collection' })

export const KeyParams = z.object({ key: ImageRef.shape.key })
