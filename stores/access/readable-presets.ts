/** Which presets a member sees: the own ones, and what others share with the department or with everyone. */
import type { Prisma } from '@defect-studio/prisma'
import type { Reader } from '../artifacts/register-artifact.ts'

export function readablePresets({ memberId, departmentId }: Reader): Prisma.PresetWhereInput {
  return {
    deletedAt: null,
    OR: [{ ownerId: memberId }, { visibility: 'department', departmentId }, { visibility: 'everyone' }],
  }
}
