/** The Idempotency-Key header: by it a request that is sent again does its work once. */
import { createHash } from 'node:crypto'
import type { Request } from 'express'
import { ProblemError } from './problem.ts'

export function readIdempotencyKey(request: Request): string | null {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key === 'string' && /^[\x21-\x7e]{1,200}$/.test(key)) return key
  throw new ProblemError('invalid-request', 'The Idempotency-Key has to be 1 to 200 printable characters.', {
    remedy: 'Send a UUID.',
  })
}

/** SHA-256 of a JSON value, whatever the order of its fields. */
export function hashRequest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, inner]) => [name, sorted(inner)]),
  )
}
