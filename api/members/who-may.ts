/** Whom an administrator may administer, and which roles they may give: never more than their own. */
import type { Member, Prisma } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import type { Role } from '../auth/permissions.ts'
import { ProblemError } from '../problem.ts'
import { ownDepartment } from '../tokens/own-department.ts'

/** Everybody, or the own department; others do not exist for the caller. */
export const administered = (caller: Caller): Prisma.MemberWhereInput => ownDepartment(caller)

/** Guest is not among them: whoever may no longer work here is disabled. */
export type GivenRole = Exclude<Role, 'guest'>

const givable: Record<Role, readonly GivenRole[]> = {
  super_admin: ['super_admin', 'department_admin', 'department_member'],
  department_admin: ['department_admin', 'department_member'],
  department_member: [],
  guest: [],
}

/** @throws ProblemError when the caller may not give this role. */
export function requireGivable(caller: Caller, role: GivenRole): void {
  if (givable[caller.role].includes(role)) return
  throw new ProblemError('not-allowed', `Your role may not make anybody a ${role}.`, {
    remedy: 'Ask a super administrator.',
  })
}

/** @throws ProblemError when the member stands above the caller. */
export function requireNotAbove(caller: Caller, member: Pick<Member, 'role'>): void {
  if (caller.role === 'super_admin' || member.role !== 'super_admin') return
  throw new ProblemError('not-allowed', 'An administrator of a department changes no super administrator.', {
    remedy: 'Ask a super administrator.',
  })
}

/** @throws ProblemError when somebody would shut the door behind which they stand. */
export function requireSomebodyElse(caller: Caller, memberId: string, what: string): void {
  if (caller.memberId !== memberId) return
  throw new ProblemError('not-allowed', `Nobody ${what} themselves here.`, {
    remedy: 'Ask another administrator, or delete your account in your profile.',
  })
}
