/** Signing in, staying signed in, signing out. */
import { z } from 'zod'
import { forgetAttempts } from '@defect-studio/stores'
import { describeSignIn, isSecure, openSession } from '../auth/open-session.ts'
import { clearRefreshCookie, readRefreshCookie, setRefreshCookie } from '../auth/refresh-cookie.ts'
import { findByTicket, secondStepOf } from '../auth/find-second-step.ts'
import { takeRecoveryCode, takeTotpCode } from '../auth/second-factor.ts'
import { readTicket } from '../auth/second-step-ticket.ts'
import { signingKey } from '../auth/signing-keys.ts'
import { addressOf, waitTurn } from '../auth/wait-turn.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import { describeMember, LoginId, Member, SecondStep, SignedIn } from '../shapes/member.ts'

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
  response: z.union([SignedIn, SecondStep]),
  async handler({ studio, body, request, response, audit }) {
    const what = ['sign-in', body.loginId, addressOf(request)]
    await waitTurn(studio, response, what)
    // What the strategy reads is the body as it was checked: trimmed, and in small letters.
    request.body = body
    const caller = await studio.authenticator.byPassword(request)
    if (!caller)
      throw new ProblemError('wrong-credentials', 'The login id or the password is wrong.', {
        remedy: 'Try again, or set a new password by mail.',
      })
    await forgetAttempts(studio.db, what)
    const ticket = await secondStepOf(studio, caller.memberId)
    if (!ticket) return openSession(studio, request, response, caller.memberId)
    audit.tell({
      action: 'auth.first-step',
      object: { kind: 'member', id: caller.memberId, name: caller.loginId },
    })
    return { ticket, needs: 'code' as const }
  },
})

export const secondStep = defineRoute({
  operationId: 'takeSecondStep',
  method: 'post',
  path: '/auth/second-step',
  tag,
  summary: 'Finish a sign-in with a code of the app, or a recovery code',
  description: 'The ticket is what signing in answered; it works for five minutes. Each code works once.',
  auth: 'public',
  limited: 'secrets',
  sameSiteOnly: true,
  body: z.object({ ticket: z.string().min(1).max(2_000), code: z.string().trim().min(1).max(40) }),
  response: SignedIn,
  async handler({ studio, body, request, response }) {
    const ticket = readTicket(body.ticket, signingKey(studio.config.signingSecret, 'second-step'))
    const member = ticket && (await findByTicket(studio, ticket))
    if (!member)
      throw new ProblemError('session-ended', 'This sign-in has taken too long.', {
        remedy: 'Sign in again with your password.',
      })
    const what = ['second-step', member.id]
    await waitTurn(studio, response, what)
    const isRight =
      (await takeTotpCode(studio, member, body.code)) ||
      (await takeRecoveryCode(studio, member.id, body.code))
    if (!isRight)
      throw new ProblemError('wrong-code', 'The code is wrong, or was used before.', {
        remedy: 'Wait for the next code of the app, or use a recovery code.',
      })
    await forgetAttempts(studio.db, what)
    return openSession(studio, request, response, member.id)
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
    return describeSignIn(studio, caller, session.sessionId)
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
  auth: 'see-own-account',
  scope: 'any',
  graphBound: true,
  response: Member,
  handler: async ({ caller }) => describeMember(caller),
})
