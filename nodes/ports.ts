/** What may travel along an edge: the port types, and the value that each one carries. */
import { z } from 'zod'

/** A pointer to stored bytes, addressed by their SHA-256. Bytes never travel through a run's history. */
export const ArtifactRef = z.object({
  key: z.string().regex(/^[0-9a-f]{64}$/, 'An artifact key is 64 hexadecimal digits.'),
  mediaType: z.string().max(100),
  bytes: z.int().min(0),
})
export type ArtifactRef = z.infer<typeof ArtifactRef>

/** A stored picture; width and height in pixels, as decoded. A mask is a picture too: white is inside. */
export const ImageRef = ArtifactRef.extend({ width: z.int().min(1), height: z.int().min(1) })
export type ImageRef = z.infer<typeof ImageRef>

/** A stored list of named pictures (see `CollectionManifest`). */
export const CollectionRef = ArtifactRef.extend({ count: z.int().min(1) })
export type CollectionRef = z.infer<typeof CollectionRef>

/** The bytes behind a CollectionRef: JSON of media type `collectionMediaType`. */
export const CollectionManifest = z.object({
  items: z.array(z.object({ name: z.string().min(1).max(255), image: ImageRef })).min(1),
})
export type CollectionManifest = z.infer<typeof CollectionManifest>
export const collectionMediaType = 'application/vnd.defect-studio.collection+json'

/**
 * The most pictures that one collection may hold. Every item costs about 200 bytes of workflow history per
 * node, and a workflow result may have 2 MiB: 1,000 items stay well below it.
 */
export const maxCollectionItems = 1000

/**
 * The most steps (nodes times their items) of one run. A step leaves about 7 events in its run's history
 * (measured: 200 for 15 photos through two nodes) and a worker replays about 2,900 events a second: 2,000 steps
 * are replayed in 5 s, within Temporal's 10 s for a workflow task, and far below its 51,200 events.
 */
export const maxRunItems = 2000

export const portTypes = {
  image: { title: 'Image' },
  mask: { title: 'Mask' },
  text: { title: 'Text' },
} as const
export type PortType = keyof typeof portTypes

/** The value of one item on a port of type T. */
export type PortValue<T extends PortType> = T extends 'text' ? string : ImageRef

export interface Port {
  readonly type: PortType
  /** Only for inputs: the node also runs without it. */
  readonly optional?: boolean
  readonly title?: string
}
export type Ports = Readonly<Record<string, Port>>

const Key = ArtifactRef.shape.key

/**
 * What comparing a picture with the photo that it was made from has shown: nothing but the marked place differs. Both
 * are compared as decoded (8-bit sRGB, upright); a picture that fails is never handed out, so the first number is 0.
 */
export const Certificate = z.object({
  /** Key of the photo as it was. */
  original: Key,
  /** Key of the mask that said where something may change. */
  mask: Key,
  /** Pixels outside the mask whose bytes differ. */
  changedOutside: z.literal(0),
  /** Pixels inside the mask whose bytes differ. */
  changedInside: z.int().min(0),
  /** Pixels that the mask marks. */
  inside: z.int().min(0),
})
export type Certificate = z.infer<typeof Certificate>

/** How a picture came to be, in one line: shown in the gallery and kept with it. */
export const Made = z.object({
  tool: z.string(),
  nodeId: z.string(),
  seed: z.int().optional(),
  model: z.string().optional(),
  prompt: z.string().optional(),
  negativePrompt: z.string().optional(),
  certificate: Certificate.optional(),
  /** What people should know about it, such as a prompt that was cut. */
  notes: z.array(z.string()).optional(),
})
export type Made = z.infer<typeof Made>

/** One thing on an edge. The name follows the thing from the folder it came from to the file it ends in. */
export interface Item {
  name: string
  value: ImageRef | string
  made?: Made
}

/** What an edge carries: one item, or a collection over which the next node maps. */
export interface EdgeValue {
  many: boolean
  items: Item[]
}
