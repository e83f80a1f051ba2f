/** Reads what a planned list says of one of its items; a list that says something else was not made for this node. */
import { z } from 'zod'
import type { PictureSource } from '../activities.ts'
import { StudioError } from '../failures.ts'
import type { JsonValue } from '../json-value.ts'
import { ImageRef } from '../ports.ts'

/** How a list names a picture that is still outside of the studio. */
export const ImportedItem = z.object({
  import: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('folder'), root: z.string(), path: z.string() }),
    z.object({ kind: z.literal('s3'), bucket: z.string(), key: z.string(), etag: z.string().optional() }),
  ]) satisfies z.ZodType<PictureSource>,
})

/** A picture of the gallery, with its mask if it has one. */
export const GalleryItem = z.object({ ports: z.object({ image: ImageRef, mask: ImageRef.optional() }) })

/** A point of a grid: the axes that the grid has. */
export const GridItem = z.object({
  ports: z.object({
    prompt: z.string().optional(),
    seed: z.number().optional(),
    strength: z.number().optional(),
    guidance: z.number().optional(),
    steps: z.number().optional(),
  }),
})

/** @throws StudioError 'invalid-graph': the run was planned with another list. */
export function readItem<T>(schema: z.ZodType<T>, item: { name: string; value?: JsonValue }): T {
  const read = schema.safeParse(item.value)
  if (read.success) return read.data
  throw new StudioError(
    'invalid-graph',
    `The list of this node does not say what "${item.name}" is. Choose it again and start a new run.`,
  )
}
