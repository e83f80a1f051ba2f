/** Reads slices of stored lists, and keeps the latest lists in memory: a batch reads the same one chunk by chunk. */
import type { Bookkeeping, ManifestItem } from '@defect-studio/nodes'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { readCollection } from './collections.ts'

interface Kept {
  items: ManifestItem[]
  /** Of the stored bytes; in memory a list takes several times as much. */
  bytes: number
  byName?: Map<string, ManifestItem>
}

type Order = Parameters<Bookkeeping['readItems']>[0]

/** Lists of 100,000 pictures have about 20 MB; two of them fit. */
const defaultMostBytes = 48 * 2 ** 20

/** @param mostBytes of stored lists that are kept, the latest used; the one that is asked for always is. */
export function createManifestReader(artifacts: Pick<ArtifactStore, 'get'>, mostBytes = defaultMostBytes) {
  const kept = new Map<string, Kept>()
  const reading = new Map<string, Promise<Kept>>()

  async function open({ key, bytes }: Order['collection']): Promise<Kept> {
    const known = kept.get(key)
    if (known) {
      kept.delete(key)
      kept.set(key, known)
      return known
    }
    const before = reading.get(key)
    if (before) return before
    const read = readCollection(artifacts, { key }).then(({ items }) => ({ items, bytes }))
    reading.set(key, read)
    try {
      const manifest = await read
      kept.set(key, manifest)
      makeRoom()
      return manifest
    } finally {
      reading.delete(key)
    }
  }

  function makeRoom(): void {
    let sum = 0
    for (const { bytes } of kept.values()) sum += bytes
    for (const [key, { bytes }] of kept) {
      if (sum <= mostBytes || kept.size === 1) return
      kept.delete(key)
      sum -= bytes
    }
  }

  return {
    /** How many lists are in memory. */
    get size() {
      return kept.size
    },

    async readItems(collection: Order['collection'], slice: Order['slice']): Promise<ManifestItem[]> {
      const manifest = await open(collection)
      if ('from' in slice) return manifest.items.slice(slice.from, slice.from + slice.count)
      const byName = (manifest.byName ??= new Map(manifest.items.map((item) => [item.name, item])))
      return slice.names.flatMap((name) => byName.get(name) ?? [])
    },
  }
}
