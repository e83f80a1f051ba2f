/** Signing in, staying signed in, signing out. */
import { z } from 'zod'
import { signAccessToken } from '../auth/access-token.ts'
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from '../auth/refresh-cookie.ts'
import { signingKey } from '../auth/signing-keys.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import { describeMember, LoginId, Member, SignedIn } from '../shapes/member.ts'
import type { Studio } from '../studio.ts'

const tag = 'auth'

export const login = defineRoute({
  operationId: 'signIn',
  method: 'post',
  path: '/auth/login',
  tag,
  summary: 'Sign in with login id and password',
  description: 'After five wrong passwords in a row the same address waits, longer each time.',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  body: z.object({ loginId: LoginId, password: z.string().min(1).max(200) }),
  response: SignedIn,
  async handler({ studio, body, request, response }) {
    const address = request.ip ?? ''
    const wait = studio.loginAttempts.begin(body.loginId, address)
    if (wait > 0) {
      response.set('Retry-After', String(wait))
      throw new ProblemError('too-many-attempts', `Too many wrong passwords. Try again in ${wait} seconds.`, {
        retryAfterSeconds: wait,
      })
    }
    // What the strategy reads is the body as it was checked: trimmed, and in small letters.
    request.body = body
    const caller = await studio.authenticator.byPassword(request)
    if (!caller)
      throw new ProblemError('wrong-credentials', 'The login id or the password is wrong.', {
        remedy: 'Try again, or ask an administrator for a new password.',
      })
    studio.loginAttempts.succeeded(body.loginId, address)
    if (!may(caller.role, 'use-studio'))
      throw new ProblemError('awaiting-approval', 'An administrator has to approve this account first.')
    const { sessionId, refreshToken } = await studio.sessions.open(
      caller.memberId,
      request.headers['user-agent'] ?? '',
    )
    setRefreshCookie(response, refreshToken, isSecure(studio))
    return signedIn(studio, caller, sessionId)
  },
})

export const refresh = defineRoute({
  operationId: 'refreshSession',
  method: 'post',
  path: '/auth/refresh',
  audit: false,
  tag,
  summary: 'Trade the refresh cookie for a new access token and a new cookie',
  description: 'A refresh token works once. Showing one that was used before ends the session.',
  auth: 'public',
  sameSiteOnly: true,
  response: SignedIn,
  async handler({ studio, request, response }) {
    const old = readRefreshCookie(request)
    const session = old === null ? null : await studio.sessions.rotate(old)
    const caller = session && (await studio.sessions.caller(session.sessionId, session.memberId))
    if (!session || !caller) {
      if (old !== null) clearRefreshCookie(response, isSecure(studio))
      throw new ProblemError('session-ended', 'There is no session to go on with.', {
        remedy: 'Sign in again.',
      })
    }
    setRefreshCookie(response, session.refreshToken, isSecure(studio))
    return signedIn(studio, caller, session.sessionId)
  },
})

export const logout = defineRoute({
  operationId: 'signOut',
  method: 'post',
  path: '/auth/logout',
  tag,
  summary: 'End the session; its access tokens stop working at once',
  auth: 'public',
  sameSiteOnly: true,
  async handler({ studio, request, response }) {
    const token = readRefreshCookie(request)
    const sessionId = token
      ? studio.sessions.sessionOf(token)
      : (await studio.authenticator.member(request))?.sessionId
    if (sessionId) await studio.sessions.end(sessionId)
    clearRefreshCookie(response, isSecure(studio))
  },
})

export const me = defineRoute({
  operationId: 'readOwnMember',
  method: 'get',
  path: '/auth/me',
  tag,
  summary: 'Who is signed in',
  auth: 'use-studio',
  scope: 'any',
  graphBound: true,
  response: Member,
  handler: async ({ caller }) => describeMember(caller),
})

const isSecure = (studio: Studio): boolean => studio.config.publicUrl?.protocol === 'https:'

function signedIn(studio: Studio, caller: Caller, sessionId: string) {
  const key = signingKey(studio.config.signingSecret, 'access-token')
  return {
    ...signAccessToken({ sub: caller.memberId, sid: sessionId }, key),
    member: describeMember(caller),
  }
}
