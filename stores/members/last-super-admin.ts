/** A studio without a super admin could never get one again: the last one neither leaves nor is demoted. */
import type { Transaction } from '@defect-studio/prisma'

/** Any fixed number: everybody who makes super admins fewer takes the lock of this name. */
const fewerSuperAdminsLock = 7_261_002

/**
 * Whether the member is the only super admin who can sign in. Of two who resign at once the second one waits here, and
 * is then the last. Call it in the transaction that would make them fewer.
 */
export async function isLastSuperAdmin(tx: Transaction, memberId: string): Promise<boolean> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${fewerSuperAdminsLock})`
  const active = { role: 'super_admin', disabledAt: null } as const
  const isOne = await tx.member.count({ where: { ...active, id: memberId } })
  return isOne === 1 && (await tx.member.count({ where: { ...active, id: { not: memberId } } })) === 0
}
