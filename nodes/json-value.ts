/** Any JSON value. One schema without recursion, so that documents generated from it need no name for each use. */
import { z } from 'zod'

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue }

export const JsonValue = z
  .custom<JsonValue>(isJsonValue, 'It should be a JSON value.')
  .meta({ override: { description: 'Any JSON value.' } })

function isJsonValue(value: unknown): value is JsonValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJsonValue)
  return typeof value === 'object' && Object.values(value).every(isJsonValue)
}
