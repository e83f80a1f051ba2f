/** Which gallery pictures a member sees: the own ones, and what others show to the department or to everyone. */
import type { Prisma } from '@defect-studio/prisma'
import type { Reader } from '../artifacts/register-artifact.ts'

export function visibleImages({ memberId, departmentId }: Reader): Prisma.ImageWhereInput {
  return {
    deletedAt: null,
    OR: [{ ownerId: memberId }, { visibility: 'department', departmentId }, { visibility: 'everyone' }],
  }
}
