/** Whose tokens an administrator may move: those of the own department, and a super admin everybody's. */
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'

export function ownDepartment(caller: Caller): { departmentId?: string } {
  return may(caller.role, 'serve-other-departments') ? {} : { departmentId: caller.departmentId }
}
