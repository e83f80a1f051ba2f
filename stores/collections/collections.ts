/** Keeps a list of named pictures as an artifact of its own, so that a folder travels along an edge as one reference. */
import {
  CollectionManifest,
  collectionMediaType,
  maxCollectionItems,
  StudioError,
  type CollectionRef,
  type ImageRef,
} from '@defect-studio/nodes'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'

/**
 * Stores the list, in the order given; a name that comes again gets a number, `part.png` → `part (2).png`.
 * Registering and granting the artifact is the caller's part.
 * @throws StudioError 'invalid-input' for an empty list, or one with more than `maxCollectionItems` pictures.
 */
export async function createCollection(
  artifacts: ArtifactStore,
  items: readonly { name: string; image: ImageRef }[],
): Promise<CollectionRef> {
  if (items.length === 0)
    throw new StudioError(
      'invalid-input',
      'There is no picture in this folder. Choose one that has pictures.',
    )
  if (items.length > maxCollectionItems)
    throw new StudioError(
      'invalid-input',
      `This folder has ${items.length} pictures; one collection may have ${maxCollectionItems}. Split it.`,
    )
  const manifest = CollectionManifest.parse({ items: withUniqueNames(items) })
  const stored = await artifacts.put(new TextEncoder().encode(JSON.stringify(manifest)), collectionMediaType)
  return { ...stored, mediaType: collectionMediaType, count: items.length }
}

/** @throws StudioError 'artifact-missing' when it was deleted, 'invalid-input' when the bytes are no such list. */
export async function readCollection(
  artifacts: ArtifactStore,
  collection: Pick<CollectionRef, 'key'>,
): Promise<CollectionManifest> {
  const bytes = await artifacts.get(collection.key)
  const manifest = CollectionManifest.safeParse(parseJson(bytes))
  if (!manifest.success || manifest.data.items.length > maxCollectionItems)
    throw new StudioError(
      'invalid-input',
      `Artifact ${collection.key} is not a collection. Choose the folder again.`,
    )
  return manifest.data
}

function withUniqueNames(
  items: readonly { name: string; image: ImageRef }[],
): { name: string; image: ImageRef }[] {
  // Without regard to case: the pictures may be saved on a file system that has none.
  const given = new Set(items.map(({ name }) => name.toLowerCase()))
  const taken = new Set<string>()
  return items.map(({ name, image }) => {
    let unique = name
    for (
      let number = 2;
      taken.has(unique.toLowerCase()) || (unique !== name && given.has(unique.toLowerCase()));
      number++
    )
      unique = numbered(name, number)
    taken.add(unique.toLowerCase())
    return { name: unique, image }
  })
}

/** At most 255 characters, as names have. */
function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const suffix = ` (${number})${ending}`
  return `${stem.slice(0, 255 - suffix.length)}${suffix}`
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
