/** Lets one who has signed up in, or not; either way once, and either way they hear of it by mail. */
import type { PrismaClient } from '@defect-studio/prisma'
import {
  anonymiseMember,
  endSessions,
  guestDecided,
  lockOpenDepartment,
  mailLanguage,
  queueMail,
  retryTransaction,
} from '@defect-studio/stores'
import type { RequestAudit } from '../audit/request-audit.ts'
import type { Caller } from '../auth/caller.ts'
import { notFound, ProblemError } from '../problem.ts'
import { administered, type GivenRole, requireGivable } from './who-may.ts'

export type GuestDecision = { memberId: string; reason?: string | undefined } & (
  { approve: true; role: GivenRole; departmentId?: string | undefined } | { approve: false }
)

/** `already-…`: somebody had decided so before; nothing was done and nobody was told again. */
export type GuestOutcome = 'approved' | 'rejected' | 'already-approved' | 'already-rejected'

/** @throws ProblemError when the decision is not the caller's, or when it has been decided otherwise meanwhile. */
export async function decideGuest(
  db: PrismaClient,
  { caller, audit }: { caller: Caller; audit: RequestAudit },
  decision: GuestDecision,
): Promise<GuestOutcome> {
  const { memberId: id, approve, reason } = decision
  if (approve) requireGivable(caller, decision.role)
  const wanted = approve ? decision.departmentId : undefined
  return retryTransaction(db, async (tx) => {
    const before = await tx.member.findFirst({ where: { AND: [administered(caller), { id }] } })
    if (!before) throw notFound('guest')
    const departmentId = wanted ?? before.departmentId
    if (departmentId !== before.departmentId && caller.role !== 'super_admin')
      throw new ProblemError(
        'not-allowed',
        'Only a super administrator puts a guest into another department.',
        {
          remedy: 'Ask a super administrator.',
        },
      )
    const department = approve ? await lockOpenDepartment(tx, departmentId) : null
    await tx.$executeRaw`SELECT FROM "Member" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`
    const guest = await tx.member.findUniqueOrThrow({ where: { id }, include: { department: true } })
    const decided = outcomeBefore(guest, approve)
    if (decided) return decided
    if (approve && !department)
      throw new ProblemError('invalid-request', 'There is no such department, or it is archived.', {
        problems: [{ code: 'unknown', field: 'departmentId', message: 'Choose another department.' }],
      })
    const language = mailLanguage(guest.language)
    const letter = guestDecided(language, {
      name: guest.name,
      approved: approve,
      department: department?.name ?? guest.department.name,
      reason,
    })
    const to = { name: guest.name, address: guest.email }
    const key = `guest-${approve ? 'approved' : 'rejected'}-${id}`
    await queueMail(tx, { key, to, language, ...letter })
    if (approve) {
      const data = { role: decision.role, departmentId, approvedAt: new Date() }
      await tx.member.update({ where: { id }, data })
      // A page that waits asks again, and signs in with the new role.
      await endSessions(tx, id)
    } else await anonymiseMember(tx, id)
    await audit.within(tx, {
      action: approve ? 'members.approve' : 'members.reject',
      object: { kind: 'member', id, name: guest.loginId, departmentId: guest.departmentId },
      details: approve ? { role: decision.role, departmentId } : {},
    })
    return approve ? 'approved' : 'rejected'
  })
}

function outcomeBefore(
  member: { role: string; approvedAt: Date | null; deletedAt: Date | null },
  approve: boolean,
): GuestOutcome | null {
  if (member.role === 'guest' && !member.deletedAt) return null
  if (member.deletedAt && member.role === 'guest' && !approve) return 'already-rejected'
  if (!member.deletedAt && approve) return 'already-approved'
  throw new ProblemError('member-unfit', 'Somebody else has decided otherwise meanwhile.', {
    remedy: 'Look at the list again.',
  })
}
