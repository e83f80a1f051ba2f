/** Replaces what a request says about its pictures by what the studio knows: size, type and count are never believed. */
import { collectionMediaType, type JsonValue, StudioError } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import { type ArtifactRow, readableArtifacts } from '../access/readable-artifacts.ts'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import type { Reader } from '../artifacts/register-artifact.ts'
import { readCollection } from '../collections/collections.ts'

const Key = /^[0-9a-f]{64}$/

/** `count`: of a list, how many things it has. */
type KnownArtifact = ArtifactRow & { count?: number }

/** By key: those that exist and that the reader may read. */
export type KnownArtifacts = ReadonlyMap<string, KnownArtifact>

export async function knowArtifacts(
  { db, artifacts }: { db: Database; artifacts: ArtifactStore },
  reader: Reader,
  keys: ReadonlySet<string>,
): Promise<KnownArtifacts> {
  const known = new Map<string, KnownArtifact>(await readableArtifacts(db, reader, [...keys]))
  for (const row of known.values()) {
    if (row.mediaType !== collectionMediaType) continue
    try {
      known.set(row.key, { ...row, count: (await readCollection(artifacts, row)).items.length })
    } catch (error) {
      if (!(error instanceof StudioError) || error.type === 'unavailable') throw error
      // Its bytes are gone or are no list: it counts as not there.
      known.delete(row.key)
    }
  }
  return known
}

/** Every artifact that is named anywhere in the value, however deep. */
export function keysIn(value: unknown, keys = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const inner of value) keysIn(inner, keys)
  else if (isRecord(value)) {
    if (isReference(value)) keys.add(value.key)
    for (const inner of Object.values(value)) keysIn(inner, keys)
  }
  return keys
}

/** The value with every reference as it truly is; one that is not known keeps its name and key alone. */
export function withTrueReferences(value: JsonValue, known: KnownArtifacts): JsonValue {
  if (Array.isArray(value)) return value.map((inner) => withTrueReferences(inner, known))
  if (!isRecord(value)) return value
  if (isReference(value)) return trueReference(value, known.get(value.key))
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withTrueReferences(inner, known)]),
  )
}

function trueReference(claimed: Reference, row: KnownArtifact | undefined): JsonValue {
  const { key, name, count } = claimed
  return {
    // Whoever names it by its key alone need not know what it is called.
    name: typeof name === 'string' && name !== '' ? name : key.slice(0, 12),
    key,
    mediaType: row?.mediaType ?? 'application/octet-stream',
    bytes: Number(row?.bytes ?? 0),
    ...((row ? row.count : count) === undefined
      ? { width: row?.width ?? 1, height: row?.height ?? 1 }
      : { count: row?.count ?? 1 }),
  }
}

type JsonRecord = { [name: string]: JsonValue }
type Reference = JsonRecord & { key: string }

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function isReference(value: JsonRecord): value is Reference {
  const { key } = value
  return typeof key === 'string' && Key.test(key)
}
