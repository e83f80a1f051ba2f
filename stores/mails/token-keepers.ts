/** Who looks after a department's tokens: its administrators, or where it has none those of the organisation. */
import type { Database, Member, Transaction } from '@defect-studio/prisma'

export async function tokenKeepers(tx: Database | Transaction, departmentId: string): Promise<Member[]> {
  const inService = { disabledAt: null, deletedAt: null, approvedAt: { not: null } }
  const own = await tx.member.findMany({ where: { role: 'department_admin', departmentId, ...inService } })
  return own.length > 0 ? own : tx.member.findMany({ where: { role: 'super_admin', ...inService } })
}
