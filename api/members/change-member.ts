/** Gives a member another role, another department, or both. Sign-ins end at once: they carry what was allowed before. */
import type { Member, PrismaClient } from '@defect-studio/prisma'
import {
  endSessions,
  lockOpenDepartment,
  publishChange,
  retryTransaction,
  returnTokens,
} from '@defect-studio/stores'
import type { RequestAudit } from '../audit/request-audit.ts'
import type { Caller } from '../auth/caller.ts'
import { ProblemError } from '../problem.ts'
import { lockMember } from './lock-member.ts'
import { type GivenRole, requireGivable } from './who-may.ts'

export interface MemberChange {
  role?: GivenRole | undefined
  departmentId?: string | undefined
}

/** @throws ProblemError when a rule of the house is against it; then nothing has changed. */
export async function changeMember(
  db: PrismaClient,
  { caller, audit }: { caller: Caller; audit: RequestAudit },
  id: string,
  { role, departmentId }: MemberChange,
): Promise<void> {
  if (role) requireGivable(caller, role)
  const idem = `leave-department:${id}:${crypto.randomUUID()}`
  await retryTransaction(db, async (tx) => {
    // Departments are locked before members, here as wherever both are.
    const department = departmentId === undefined ? null : await lockOpenDepartment(tx, departmentId)
    const member = await lockMember(tx, caller, id, { leaves: role !== undefined && role !== 'super_admin' })
    refuseGuest(member)
    const moves = departmentId !== undefined && departmentId !== member.departmentId
    if (moves && caller.role !== 'super_admin')
      throw new ProblemError('not-allowed', 'Only a super administrator moves members between departments.', {
        remedy: 'Ask a super administrator.',
      })
    if (moves && !department)
      throw new ProblemError('invalid-request', 'There is no such department, or it is archived.', {
        problems: [{ code: 'unknown', field: 'departmentId', message: 'Choose another department.' }],
      })
    const newRole = role ?? member.role
    if (!moves && newRole === member.role) return
    const returned = moves
      ? await returnTokens(tx, {
          idem,
          departmentId: member.departmentId,
          memberId: id,
          byMemberId: caller.memberId,
          note: 'Moved to another department.',
        })
      : 0n
    await tx.member.update({
      where: { id },
      data: { role: newRole, ...(moves ? { departmentId } : {}) },
    })
    await endSessions(tx, id)
    if (moves) await publishChange(tx, { topic: 'tokens', memberId: id })
    await audit.within(tx, {
      object: { kind: 'member', id, name: member.loginId, departmentId: member.departmentId },
      details: {
        roleBefore: member.role,
        role: newRole,
        ...(moves ? { movedTo: departmentId, tokensReturned: Number(returned) / 1_000_000 } : {}),
      },
    })
  })
}

function refuseGuest(member: Member): void {
  if (member.role !== 'guest') return
  throw new ProblemError('member-unfit', 'This is a guest who waits to be approved.', {
    remedy: 'Approve or reject the guest instead.',
  })
}
