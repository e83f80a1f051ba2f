/** What every artifact store can do: keep bytes under their SHA-256 and give them back. */
import type { Readable } from 'node:stream'

export interface StoredArtifact {
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  key: string
  bytes: number
}

export interface ArtifactStore {
  /** Stores the bytes unless they are there already. Never leaves a half-written artifact behind. */
  put(bytes: Uint8Array, mediaType: string): Promise<StoredArtifact>
  /** The bytes, whole. Throws StudioError 'artifact-missing' when there are none under the key. */
  get(key: string): Promise<Uint8Array>
  /** The bytes as a stream, for handing on; `start` and `end` (inclusive) in bytes. */
  open(key: string, range?: { start: number; end: number }): Promise<Readable>
  has(key: string): Promise<boolean>
  delete(key: string): Promise<void>
}

/** A store that can be swept: it knows what it has, also what no row names. */
export interface SweepableStore extends ArtifactStore {
  /** Everything that is stored whole. `storedAt` is renewed when the same bytes are stored again. */
  list(): AsyncIterable<{ key: string; bytes: number; storedAt: Date }>
}
