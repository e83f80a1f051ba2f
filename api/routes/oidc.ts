/** Signing in elsewhere: the way to the OpenID Connect provider and back. A browser goes here, no program. */
import { recordAudit } from '@defect-studio/stores'
import type { Request } from 'express'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { secondStepOf } from '../auth/find-second-step.ts'
import { openSession } from '../auth/open-session.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import type { Studio } from '../studio.ts'

const tag = 'auth'

export const startOidc = defineRoute({
  operationId: 'startOpenIdConnect',
  method: 'get',
  path: '/auth/oidc/start',
  tag,
  summary: 'Send the browser to the OpenID Connect provider',
  auth: 'public',
  limited: 'secrets',
  status: 302,
  streams: 'text/html',
  async handler({ studio, request, response }) {
    await providerOf(studio).leave(request, response)
  },
})

export const finishOidc = defineRoute({
  operationId: 'finishOpenIdConnect',
  method: 'get',
  path: '/auth/oidc/callback',
  tag,
  summary: 'Where the provider sends the browser back to: signs in and opens the studio',
  description:
    'A refusal leads to the studio too, with `#refused=` and the code of the problem; a member with a second factor is ' +
    'led to `#second-step=` and the ticket for POST /auth/second-step.',
  auth: 'public',
  limited: 'secrets',
  query: z.looseObject({}),
  status: 302,
  streams: 'text/html',
  async handler({ studio, request, response }) {
    providerOf(studio)
    const sendTo = (fragment: string) => response.redirect(fragment === '' ? '/' : `/#${fragment}`)
    let caller: Caller | null
    try {
      caller = await studio.authenticator.byOidc(request)
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error
      studio.log.info({ code: error.code, err: error.cause }, 'a sign-in by OpenID Connect was refused')
      if (error.code === 'not-allowed') await note(studio, request, null, error.message)
      return sendTo(`refused=${error.code}`)
    }
    if (!caller) return sendTo('refused=wrong-credentials')
    const ticket = await secondStepOf(studio, caller.memberId)
    if (ticket) return sendTo(`second-step=${encodeURIComponent(ticket)}`)
    await openSession(studio, request, response, caller.memberId)
    await note(studio, request, caller, null)
    sendTo('')
  },
})

function providerOf(studio: Studio) {
  if (studio.oidc) return studio.oidc
  throw new ProblemError('not-found', 'This studio has no OpenID Connect provider.', {
    remedy: 'Sign in with login id and password.',
  })
}

/** A browser comes by GET, which the audit log does not follow by itself. */
async function note(
  studio: Studio,
  request: Request,
  caller: Caller | null,
  reason: string | null,
): Promise<void> {
  await recordAudit(studio.db, {
    actor: caller && {
      id: caller.memberId,
      name: caller.loginId,
      role: caller.role,
      departmentId: caller.departmentId,
    },
    by: caller ? 'session' : 'nobody',
    address: request.ip ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    requestId: typeof request.id === 'string' ? request.id : null,
    action: 'auth.oidc',
    outcome: caller ? 'done' : 'refused',
    details: reason === null ? {} : { reason },
  })
}
