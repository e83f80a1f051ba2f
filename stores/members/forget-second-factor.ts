/** Turns the second factor of a member off: by themselves, or by an administrator when the phone is lost. */
import type { Transaction } from '@defect-studio/prisma'

/** Who is told is the caller's business. Idempotent. */
export async function forgetSecondFactor(tx: Transaction, memberId: string): Promise<void> {
  await tx.member.update({
    where: { id: memberId },
    data: { totpSecret: null, totpConfirmedAt: null, totpLastStep: null },
  })
  await tx.recoveryCode.deleteMany({ where: { memberId } })
}
