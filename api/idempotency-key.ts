/** The Idempotency-Key header: by it a request that is sent again does its work once. */
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
