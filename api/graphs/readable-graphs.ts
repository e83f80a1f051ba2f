/** Which saved graphs a member may read and run: the own ones, and what others share. */
import type { Prisma } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'

export function readableGraphs(caller: Caller): Prisma.GraphWhereInput {
  return {
    deletedAt: null,
    OR: [
      { ownerId: caller.memberId },
      { visibility: 'department', departmentId: caller.departmentId },
      { visibility: 'everyone' },
    ],
  }
}
