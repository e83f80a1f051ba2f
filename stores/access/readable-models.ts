/** Which models a member may use, and which of those a member may rename, share and delete. */
import type { Model, Prisma, Role } from '@defect-studio/prisma'
import type { Reader } from '../artifacts/register-artifact.ts'

type Ownership = Pick<Model, 'ownerId' | 'departmentId' | 'visibility' | 'deletedAt'>

/** The own ones, and what others share with the department or with everyone. */
export function readableModels({ memberId, departmentId }: Reader): Prisma.ModelWhereInput {
  return {
    deletedAt: null,
    OR: [{ ownerId: memberId }, { visibility: 'department', departmentId }, { visibility: 'everyone' }],
  }
}

/** The same for a row that was read already. */
export function isReadableModel({ memberId, departmentId }: Reader, model: Ownership): boolean {
  if (model.deletedAt !== null) return false
  if (model.visibility === 'everyone' || model.ownerId === memberId) return true
  return model.visibility === 'department' && model.departmentId === departmentId
}

/**
 * Whoever owns it; for what a department shares its administrators; super admins. A model without an owner belongs to
 * the studio.
 */
export function mayChangeModel(caller: Reader & { role: Role }, model: Ownership): boolean {
  if (model.deletedAt !== null) return false
  if (caller.role === 'super_admin' || model.ownerId === caller.memberId) return true
  return (
    caller.role === 'department_admin' &&
    model.departmentId === caller.departmentId &&
    model.visibility !== 'private'
  )
}
