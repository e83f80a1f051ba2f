/** Who is asked about the pictures of a review: those who were named, or everybody of the department who may use it. */
import { StudioError } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'

export interface AskedMember {
  id: string
  name: string
  email: string
  language: string
}

const reviewerRoles = ['super_admin', 'department_admin', 'department_member'] as const

/** @throws StudioError 'invalid-input' naming every login id that nobody of the department has. */
export async function findReviewers(
  tx: Database | Transaction,
  departmentId: string,
  loginIds: readonly string[],
): Promise<string[]> {
  const members = await membersNamed(tx, departmentId, loginIds)
  const missing = loginIds.filter((loginId) => !members.some((member) => member.loginId === loginId))
  if (missing.length > 0)
    throw new StudioError(
      'invalid-input',
      `Nobody of the department has the login id ${missing.map((one) => `"${one}"`).join(', ')}. Name other reviewers.`,
    )
  return members.map(({ id }) => id)
}

/** @returns the login ids that nobody of the department has who could review. */
export async function unknownReviewers(
  db: Database,
  departmentId: string,
  loginIds: readonly string[],
): Promise<string[]> {
  const members = await membersNamed(db, departmentId, loginIds)
  return loginIds.filter((loginId) => !members.some((member) => member.loginId === loginId))
}

async function membersNamed(tx: Database | Transaction, departmentId: string, loginIds: readonly string[]) {
  if (loginIds.length === 0) return []
  return tx.member.findMany({
    where: {
      loginId: { in: [...loginIds] },
      departmentId,
      disabledAt: null,
      role: { in: [...reviewerRoles] },
    },
    select: { id: true, loginId: true },
  })
}

/** Whoever was disabled or left the department since then is not asked any more. */
export async function askedMembers(
  tx: Database | Transaction,
  review: { departmentId: string; reviewerIds: readonly string[] },
): Promise<AskedMember[]> {
  return tx.member.findMany({
    where: {
      departmentId: review.departmentId,
      disabledAt: null,
      role: { in: [...reviewerRoles] },
      ...(review.reviewerIds.length > 0 ? { id: { in: [...review.reviewerIds] } } : {}),
    },
    select: { id: true, name: true, email: true, language: true },
    orderBy: { id: 'asc' },
  })
}
