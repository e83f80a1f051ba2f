/** One request as the audit log tells of it: who, from where, what, to what, and how it ended. */
import type { Database, Transaction } from '@defect-studio/prisma'
import type { AuditBy, AuditObject, AuditOutcome, AuditRecord } from '@defect-studio/stores'
import { recordAudit } from '@defect-studio/stores'
import type { Request } from 'express'
import { z } from 'zod'
import type { Caller, WorkerCaller } from '../auth/caller.ts'
import { describeProblem } from '../problem.ts'
import { toProblem } from '../error-middleware.ts'
import type { Studio } from '../studio.ts'
import { actionOf, type AuditNote, isAudited, kindOf } from './audit-note.ts'

interface AuditedRoute {
  method: string
  path: string
  auth: string
  audit?: false | { action?: string } | undefined
}

export interface RequestAudit {
  /** Adds to what will be written when the request has ended. */
  tell(note: AuditNote): void
  /**
   * Writes the entry in the transaction of what it tells of, so that neither is there without the other; nothing more
   * is written when the request succeeds. Several may be written for one request.
   */
  within(tx: Transaction | Database, note?: AuditNote): Promise<void>
  /** After the handler, before the answer: whoever hears "done" finds it in the log. */
  done(answer: unknown): Promise<void>
  /** Instead of `done`. */
  failed(error: unknown): Promise<void>
}

type AnyCaller = Caller | WorkerCaller | null

/** @param callerOf who calls, as soon as that is known. */
export function auditRequest(
  route: AuditedRoute,
  studio: Pick<Studio, 'db' | 'audit'>,
  request: Request,
  callerOf: () => AnyCaller,
): RequestAudit {
  let told: AuditNote = {}
  let written = false

  const recordOf = (note: AuditNote, more: Partial<AuditRecord> = {}): AuditRecord => ({
    ...whoOf(callerOf()),
    address: request.ip ?? null,
    userAgent: request.headers['user-agent'] ?? null,
    requestId: typeof request.id === 'string' ? request.id : null,
    action: note.action ?? actionOf(route),
    object: note.object ?? objectOf(route, request, null),
    details: note.details ?? {},
    outcome: note.outcome ?? 'done',
    ...more,
  })

  return {
    tell(note) {
      told = { ...told, ...note }
    },
    async within(tx, note = {}) {
      await recordAudit(tx, recordOf({ ...told, ...note }))
      written = true
    },
    async done(answer) {
      if (written || !isAudited(route)) return
      const signedIn = SignedInAnswer.safeParse(answer)
      await studio.audit.write(
        recordOf(
          { ...told, object: told.object ?? objectOf(route, request, answer) },
          callerOf() === null && signedIn.success ? whoSignedIn(signedIn.data.member) : {},
        ),
      )
    },
    async failed(error) {
      if (!isAudited(route)) return
      const { status, code } = describeProblem(toProblem(error))
      const outcome = outcomeOf(status, code, callerOf() !== null, route.auth === 'public')
      if (!outcome) return
      const object = told.object ?? (await memberMeant(studio, request)) ?? objectOf(route, request, null)
      await studio.audit.write(recordOf({ ...told, object }, { outcome, details: { reason: code } }))
    },
  }
}

/**
 * What is worth an entry among what did not succeed. Not what could not be understood (nothing was attempted), nor what
 * strangers without any sign of who they are ask of routes that are not for them: anybody could fill the log.
 */
function outcomeOf(status: number, code: string, known: boolean, isPublic: boolean): AuditOutcome | null {
  if (status >= 500) return known && code !== 'not-available' ? 'failed' : null
  if (status === 401) return isPublic && code !== 'session-ended' ? 'refused' : null
  if (status === 404) return known ? 'refused' : null
  if (status === 403) return known || isPublic ? 'refused' : null
  return known && [402, 409, 410].includes(status) ? 'refused' : null
}

function whoOf(caller: AnyCaller): Pick<AuditRecord, 'actor' | 'by' | 'keyId'> {
  if (!caller) return { actor: { id: null, name: 'nobody', role: null, departmentId: null }, by: 'nobody' }
  if (!('role' in caller))
    return { actor: { id: null, name: caller.name, role: null, departmentId: null }, by: 'worker' }
  const { memberId, loginId, role, departmentId, key } = caller
  const by: AuditBy = key ? 'key' : 'session'
  return { actor: { id: memberId, name: loginId, role, departmentId }, by, keyId: key?.id ?? null }
}

/** Who has signed in is known from the answer. */
const SignedInAnswer = z.object({
  member: z.object({ id: z.uuid(), loginId: z.string(), role: z.string(), departmentId: z.uuid() }),
  accessToken: z.string(),
})

const whoSignedIn = (
  member: z.infer<typeof SignedInAnswer>['member'],
): Pick<AuditRecord, 'actor' | 'by'> => ({
  actor: { id: member.id, name: member.loginId, role: member.role, departmentId: member.departmentId },
  by: 'session',
})

const NamedAnswer = z.object({ id: z.string(), name: z.string().optional() })

function objectOf(route: AuditedRoute, request: Request, answer: unknown): AuditObject | null {
  const given: unknown = request.params['id'] ?? request.params['key']
  const named = NamedAnswer.safeParse(answer)
  if (typeof given === 'string')
    return { kind: kindOf(route.path), id: given, name: (named.success && named.data.name) || null }
  return named.success ? { kind: kindOf(route.path), id: named.data.id, name: named.data.name ?? null } : null
}

/** Whose login id was tried. One that nobody has is not written down: people type their password there by mistake. */
async function memberMeant(studio: Pick<Studio, 'db'>, request: Request): Promise<AuditObject | null> {
  const body: unknown = request.body
  const loginId: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'loginId') : null
  if (typeof loginId !== 'string' || loginId.length > 50) return null
  const member = await studio.db.member
    .findUnique({ where: { loginId: loginId.trim().toLowerCase() } })
    .catch(() => null)
  return member && { kind: 'member', id: member.id, name: member.loginId, departmentId: member.departmentId }
}
