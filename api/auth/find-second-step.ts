/** Whether a sign-in needs a second step, and whose it is when the ticket comes back. */
import type { Member } from '@defect-studio/prisma'
import type { Studio } from '../studio.ts'
import { signTicket } from './second-step-ticket.ts'
import { signingKey } from './signing-keys.ts'

type World = Pick<Studio, 'db' | 'config'>

/** The ticket for the second step; null for a member without a second factor. */
export async function secondStepOf({ db, config }: World, memberId: string): Promise<string | null> {
  const member = await db.member.findUniqueOrThrow({ where: { id: memberId } })
  if (!member.totpConfirmedAt) return null
  return signTicket(member.id, member.passwordChangedAt, signingKey(config.signingSecret, 'second-step'))
}

/** Null when the member is gone or disabled, has no second factor any more, or another password since. */
export async function findByTicket(
  { db }: World,
  { memberId, since }: { memberId: string; since: number },
): Promise<Member | null> {
  const member = await db.member.findFirst({
    where: { id: memberId, disabledAt: null, totpConfirmedAt: { not: null } },
  })
  return member && (member.passwordChangedAt?.getTime() ?? 0) === since ? member : null
}
