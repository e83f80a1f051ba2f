/** A member leaves: the work stays, and nothing tells any more whose it was. */
import type { Transaction } from '@defect-studio/prisma'
import { endSessions } from './end-sessions.ts'

/** What stands where a name stood; nobody can sign up under such a login id. */
export const deletedName = 'Deleted member'
export const deletedLoginPrefix = 'deleted-'

/**
 * Takes the name, the address and every way in from a member, and what belongs to nobody but the person. Graphs, runs,
 * images and transfers stay with the row. Schedules stop themselves when they are due; hooks refuse. Idempotent.
 * Whether it is the last super admin has to be asked before (`isLastSuperAdmin`).
 */
export async function anonymiseMember(tx: Transaction, memberId: string): Promise<void> {
  const before = await tx.member.findUniqueOrThrow({ where: { id: memberId } })
  if (before.deletedAt) return
  await endSessions(tx, memberId)
  const now = new Date()
  await tx.member.update({
    where: { id: memberId },
    data: {
      loginId: deletedLoginPrefix + memberId,
      email: `${memberId}@deleted.invalid`,
      name: deletedName,
      nickname: deletedName,
      passwordHash: null,
      totpSecret: null,
      totpConfirmedAt: null,
      totpLastStep: null,
      defaultServerId: null,
      disabledAt: before.disabledAt ?? now,
      deletedAt: now,
    },
  })
  const theirs = { where: { memberId } }
  // Rows of sign-ins and keys name machines and addresses.
  await tx.session.deleteMany(theirs)
  await tx.apiKey.deleteMany(theirs)
  await tx.recoveryCode.deleteMany(theirs)
  await tx.oidcIdentity.deleteMany(theirs)
  await tx.bookmark.deleteMany(theirs)
  await tx.verificationCode.deleteMany({ where: { OR: [{ subjectId: memberId }, { email: before.email }] } })
  await tx.signUp.deleteMany({ where: { email: before.email } })
  // The key stays, so that no mail goes out twice; whom it went to is nobody's business any more.
  await tx.outgoingMail.updateMany({
    where: { toAddress: before.email, nextAt: null },
    data: { toName: '', toAddress: '', text: '', html: null },
  })
}
