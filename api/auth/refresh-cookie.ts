/** The cookie that holds the refresh token: out of reach of scripts, and sent to the auth routes of this site only. */
import type { Request, Response } from 'express'
import { ProblemError } from '../problem.ts'
import { refreshTokenDays } from './sessions.ts'

const cookieName = 'refresh_token'

const attributes = (secure: boolean) =>
  ({ httpOnly: true, sameSite: 'strict', secure, path: '/api/v1/auth' }) as const

export function setRefreshCookie(response: Response, token: string, secure: boolean): void {
  const maxAge = refreshTokenDays * 24 * 60 * 60_000
  response.cookie(cookieName, token, { ...attributes(secure), maxAge })
}

export function clearRefreshCookie(response: Response, secure: boolean): void {
  response.clearCookie(cookieName, attributes(secure))
}

export function readRefreshCookie(request: Request): string | null {
  const cookies: unknown = request.cookies
  if (typeof cookies !== 'object' || cookies === null) return null
  const token = Object.entries(cookies).find(([name]) => name === cookieName)?.[1] as unknown
  return typeof token === 'string' ? token : null
}

/**
 * Refuses what another site caused. Browsers say so in Sec-Fetch-Site, older ones in Origin; programs send
 * neither, and have no cookie that somebody else could use.
 */
export function requireSameSite(request: Request, publicUrl: URL | null): void {
  const site = request.headers['sec-fetch-site']
  const origin = request.headers.origin
  const ours = [publicUrl?.host, request.headers.host]
  const foreign =
    (site !== undefined && site !== 'same-origin' && site !== 'none') ||
    (origin !== undefined && !(URL.canParse(origin) && ours.includes(new URL(origin).host)))
  if (foreign)
    throw new ProblemError('cross-site', 'This route answers only pages of the studio itself.', {
      remedy: 'Open the studio at its own address and sign in there.',
    })
}
