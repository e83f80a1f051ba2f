/** Takes one member for a change: as they are now, and as they stay until the change is done. */
import type { Member, Transaction } from '@defect-studio/prisma'
import { isLastSuperAdmin } from '@defect-studio/stores'
import type { Caller } from '../auth/caller.ts'
import { notFound, ProblemError } from '../problem.ts'
import { administered, requireNotAbove } from './who-may.ts'

/**
 * @param leaves whether the member might be a super admin no longer: of several who go at once the last one stays.
 * @throws ProblemError when there is no such member for the caller, or the caller may not change this one.
 */
export async function lockMember(
  tx: Transaction,
  caller: Caller,
  id: string,
  { leaves }: { leaves: boolean },
): Promise<Member> {
  // Before the row is locked: two who want each other's row would wait for one another for ever.
  const isLast = leaves && (await isLastSuperAdmin(tx, id))
  await tx.$executeRaw`SELECT FROM "Member" WHERE "id" = ${id}::uuid FOR NO KEY UPDATE`
  const member = await tx.member.findFirst({
    where: { AND: [administered(caller), { id, deletedAt: null }] },
  })
  if (!member) throw notFound('member')
  requireNotAbove(caller, member)
  if (isLast)
    throw new ProblemError('last-super-admin', 'This is the last super administrator who can sign in.', {
      remedy: 'Make somebody else a super administrator first.',
    })
  return member
}
