/** What may travel along an edge: the port types, and the value that each one carries. */
import { z } from 'zod'
import { JsonValue } from './json-value.ts'

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

/** A stored list of named things (see `CollectionManifest`). */
export const CollectionRef = ArtifactRef.extend({ count: z.int().min(1) })
export type CollectionRef = z.infer<typeof CollectionRef>

export const collectionMediaType = 'application/vnd.defect-studio.collection+json'

/** The most things that one collection may hold. */
export const maxCollectionItems = 100_000

/**
 * Up to so many items at a place travel through the run's own history, one activity for each, so that every picture
 * is seen as soon as it is there. Beyond it a node works in chunks in a workflow of its own, whose history stays flat.
 */
export const maxInlineItems = 100

/** The most nodes of one run, once its subgraphs are unfolded. */
export const maxPlanNodes = 500

export const portTypes = {
  image: { title: 'Image' },
  mask: { title: 'Mask' },
  text: { title: 'Text' },
  number: { title: 'Number' },
} as const
export type PortType = keyof typeof portTypes

/** The value of one item on a port of type T. */
export type PortValue<T extends PortType> = T extends 'text' ? string : T extends 'number' ? number : ImageRef

export interface Port {
  readonly type: PortType
  /** Only for inputs: the node also runs without it. */
  readonly optional?: boolean
  /** Only for outputs: an item may leave it empty, as the way not taken of a branch. */
  readonly sometimes?: boolean
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
export const Item = z.object({
  name: z.string().min(1).max(255),
  value: z.union([ImageRef, z.string(), z.number()]),
  /**
   * 0-based place among all that its node makes when nothing fails. Gaps stay where items failed, so that seeds and
   * rows mean the same thing whatever happens to the neighbours.
   */
  index: z.int().min(0).default(0),
  made: Made.optional(),
  /** What left a node that takes wholes: the stored list. `value` then says how many things it has. */
  stored: CollectionRef.optional(),
})
export type Item = z.infer<typeof Item>

/** What one item became: for each output port, the things that leave it. */
export const ItemOutputs = z.record(z.string(), z.array(Item))
export type ItemOutputs = z.infer<typeof ItemOutputs>

/**
 * One line of a stored list. `value` is what the item is (a picture, a text, a number), or what its source node needs
 * to fetch it (`{ import: … }`), or several ports at once (`{ ports: { prompt: …, seed: … } }`).
 */
export const ManifestItem = z.object({
  name: z.string().min(1).max(255),
  value: JsonValue,
  index: z.int().min(0).optional(),
  made: Made.optional(),
})
export type ManifestItem = z.infer<typeof ManifestItem>

/** Lists stored before had pictures alone, each under `image`. */
const StoredItem = z.preprocess((raw) => {
  if (typeof raw !== 'object' || raw === null || !('image' in raw) || 'value' in raw) return raw
  const { image, ...rest } = raw
  return { ...rest, value: image }
}, ManifestItem)

/** The bytes behind a CollectionRef: JSON of media type `collectionMediaType`; names are unique. */
export const CollectionManifest = z.object({ items: z.array(StoredItem).min(1).max(maxCollectionItems) })
export type CollectionManifest = z.infer<typeof CollectionManifest>

/** What an edge carries: one item, or a collection over which the next node maps. */
export interface EdgeValue {
  many: boolean
  items: Item[]
}
