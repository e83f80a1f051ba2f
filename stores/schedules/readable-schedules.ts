/** Which schedules a member sees and changes: the own ones; administrators those of their department, super admins all. */
import type { Prisma, Role } from '@defect-studio/prisma'

export function readableSchedules(caller: {
  memberId: string
  departmentId: string
  role: Role
}): Prisma.ScheduleWhereInput {
  if (caller.role === 'super_admin') return { deletedAt: null }
  return {
    deletedAt: null,
    OR: [
      { ownerId: caller.memberId },
      ...(caller.role === 'department_admin' ? [{ departmentId: caller.departmentId }] : []),
    ],
  }
}
