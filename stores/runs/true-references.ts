/** Replaces what a request says about its pictures by what the studio knows: size and type are never believed. */
import type { JsonValue } from '@defect-studio/nodes'
import type { ArtifactRow } from '../access/readable-artifacts.ts'

const Key = /^[0-9a-f]{64}$/

/** By key: those that exist and that the reader may read. */
export type KnownArtifacts = ReadonlyMap<string, ArtifactRow>

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

function trueReference(claimed: Reference, row: ArtifactRow | undefined): JsonValue {
  const { key, name, count } = claimed
  const isList = typeof count === 'number'
  return {
    ...(typeof name === 'string' ? { name } : {}),
    key,
    mediaType: row?.mediaType ?? 'application/octet-stream',
    bytes: Number(row?.bytes ?? 0),
    // How long a list is, its own bytes say when the run is planned.
    ...(isList ? { count } : { width: row?.width ?? 1, height: row?.height ?? 1 }),
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
