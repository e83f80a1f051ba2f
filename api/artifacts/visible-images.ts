/** Which gallery pictures a member sees: the own ones, and what others show to the department or to everyone. */
import type { Prisma } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'

export function visibleImages(caller: Caller): Prisma.ImageWhereInput {
  return {
    deletedAt: null,
    OR: [
      { ownerId: caller.memberId },
      { visibility: 'department', departmentId: caller.departmentId },
      { visibility: 'everyone' },
    ],
  }
}
