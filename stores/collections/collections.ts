/** Keeps a list of named things as an artifact of its own, so that a folder travels along an edge as one reference. */
import {
  CollectionManifest,
  collectionMediaType,
  maxCollectionItems,
  StudioError,
  type CollectionRef,
  type ManifestItem,
} from '@defect-studio/nodes'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { withUniqueNames } from './unique-names.ts'

/**
 * Stores the list, in the order given; a name that comes again gets a number, `part.png` → `part (2).png`.
 * Registering and granting the artifact is the caller's part.
 * @throws StudioError 'invalid-input' for an empty list, or one with more than `maxCollectionItems` things.
 */
export async function createCollection(
  artifacts: ArtifactStore,
  items: readonly ManifestItem[],
): Promise<CollectionRef> {
  if (items.length === 0)
    throw new StudioError('invalid-input', 'This list is empty. Choose one that has at least one item.')
  if (items.length > maxCollectionItems)
    throw new StudioError(
      'invalid-input',
      `This list has ${items.length} items; one collection may have ${maxCollectionItems}. Split it.`,
    )
  const manifest = CollectionManifest.parse({ items: withUniqueNames(items) })
  const stored = await artifacts.put(new TextEncoder().encode(JSON.stringify(manifest)), collectionMediaType)
  return { ...stored, mediaType: collectionMediaType, count: items.length }
}

/** @throws StudioError 'artifact-missing' when it was deleted, 'invalid-input' when the bytes are no such list. */
export async function readCollection(
  artifacts: Pick<ArtifactStore, 'get'>,
  collection: Pick<CollectionRef, 'key'>,
): Promise<CollectionManifest> {
  const bytes = await artifacts.get(collection.key)
  const manifest = CollectionManifest.safeParse(withValues(parseJson(bytes)))
  if (!manifest.success)
    throw new StudioError(
      'invalid-input',
      `Artifact ${collection.key} is not a collection. Choose the folder again.`,
    )
  return manifest.data
}

/** Folders that were stored before lists held more than pictures say `image` where lists now say `value`. */
function withValues(stored: unknown): unknown {
  if (typeof stored !== 'object' || stored === null || !('items' in stored) || !Array.isArray(stored.items))
    return stored
  return {
    items: stored.items.map((item: unknown) =>
      typeof item === 'object' && item !== null && 'image' in item && !('value' in item)
        ? { ...item, value: item.image }
        : item,
    ),
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
