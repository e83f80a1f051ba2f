/** What every way of signing in ends with: a session, its cookie, and the answer that pages and programs get. */
import type { Request, Response } from 'express'
import type { z } from 'zod'
import { ProblemError } from '../problem.ts'
import { describeMember, type SignedIn } from '../shapes/member.ts'
import type { Studio } from '../studio.ts'
import { signAccessToken } from './access-token.ts'
import type { Caller } from './caller.ts'
import { setRefreshCookie } from './refresh-cookie.ts'
import { signingKey } from './signing-keys.ts'

/** @throws ProblemError 'wrong-credentials' when the member was disabled in this moment. */
export async function openSession(
  studio: Studio,
  request: Request,
  response: Response,
  memberId: string,
): Promise<z.input<typeof SignedIn>> {
  const { sessionId, refreshToken } = await studio.sessions.open(memberId, {
    userAgent: request.headers['user-agent'] ?? '',
    address: request.ip ?? null,
  })
  const caller = await studio.sessions.caller(sessionId, memberId)
  if (!caller) throw new ProblemError('wrong-credentials', 'This account can no longer sign in.')
  setRefreshCookie(response, refreshToken, isSecure(studio))
  return describeSignIn(studio, caller, sessionId)
}

export function describeSignIn(studio: Studio, caller: Caller, sessionId: string): z.input<typeof SignedIn> {
  const key = signingKey(studio.config.signingSecret, 'access-token')
  return {
    ...signAccessToken({ sub: caller.memberId, sid: sessionId }, key),
    member: describeMember(caller),
  }
}

export const isSecure = (studio: Pick<Studio, 'config'>): boolean =>
  studio.config.publicUrl?.protocol === 'https:'
