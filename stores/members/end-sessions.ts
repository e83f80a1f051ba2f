/** Ends sign-ins of a member at once: what they may do, or how they come in, has changed. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { publishChange } from '../events/changes.ts'

/**
 * Access tokens stop with their session; streams that are open look again whether they may go on. Call it in the
 * transaction that changes the role, disables the member or sets a password.
 * @param except a session that stays, as the one in which the password was changed.
 * @returns how many ended.
 */
export async function endSessions(
  tx: Database | Transaction,
  memberId: string,
  { except }: { except?: string | undefined } = {},
): Promise<number> {
  const { count } = await tx.session.updateMany({
    where: { memberId, revokedAt: null, ...(except === undefined ? {} : { id: { not: except } }) },
    data: { revokedAt: new Date() },
  })
  await publishChange(tx, { topic: 'sessions', memberId })
  return count
}
