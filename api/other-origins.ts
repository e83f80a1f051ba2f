/** Which pages of other sites may ask the API: none, unless whoever runs the studio names them. */
import cors from 'cors'
import type { RequestHandler } from 'express'

/** What a page may read of an answer besides what every page may. */
const exposedHeaders = [
  'Content-Disposition',
  'Content-Range',
  'ETag',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Request-Id',
]

/**
 * No cookie goes with what another site asks: its page shows an API key, as programs do.
 * @param origins such as `https://erp.example.com`; none: no header at all, and browsers refuse.
 */
export function otherOrigins(origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return (_request, _response, next) => next()
  return cors({ origin: [...origins], credentials: false, exposedHeaders, maxAge: 600 })
}
