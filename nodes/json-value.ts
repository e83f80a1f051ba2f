/** Any JSON value. One schema without recursion, so that documents generated from it need no name for each use. */
import { z } from 'zod'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

export const JsonValue = z
  .custom<JsonValue>((value) => isJsonValue(value, 0), 'It should be a JSON value, at most 64 levels deep.')
  .meta({ override: { description: 'Any JSON value.' } })

/** No form makes values of more than three levels; what is far deeper would exhaust whoever walks it by recursion. */
const deepest = 64

function isJsonValue(value: unknown, depth: number): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || depth >= deepest) return false
  return Object.values(value).every((inner) => isJsonValue(inner, depth + 1))
}
