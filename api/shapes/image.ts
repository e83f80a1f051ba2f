/** A picture of the gallery as the API shows it. */
import { Certificate, JsonValue } from '@defect-studio/nodes'
import { z } from 'zod'
import { PictureLink } from './artifact.ts'
import { Visibility } from './graph.ts'

/** Where the documents lie that say how pictures were made, by picture id. */
export const provenanceCollection = 'provenance'

export const GalleryImage = z
  .object({
    id: z.uuid(),
    name: z.string(),
    image: PictureLink,
    mask: PictureLink.nullable(),
    tool: z.string().nullable(),
    prompt: z.string().nullable(),
    model: z.string().nullable(),
    seed: z.int().nullable(),
    width: z.int(),
    height: z.int(),
    visibility: Visibility,
    ownerId: z.uuid(),
    ownerNickname: z.string(),
    runId: z.uuid().nullable(),
    nodeId: z.string().nullable(),
    itemIndex: z.int().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'GalleryImage' })

/** With everything that is known about how it was made. */
export const GalleryImageDetail = GalleryImage.extend({
  provenance: JsonValue.nullable(),
  certificate: Certificate.nullable().meta({
    description:
      'Where a mask said what may change: comparing the picture with its photo showed that nothing else did.',
  }),
}).meta({ id: 'GalleryImageDetail' })
