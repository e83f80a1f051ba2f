/** Empties the outboxes of what went out, or was given up, long ago. */
import type { Database } from '@defect-studio/prisma'

/** Far longer than anything is ordered again: the row is what keeps a key from being sent twice. */
const keptDays = 90

/** @returns how many mails and webhooks were forgotten. */
export async function forgetSent(db: Database): Promise<number> {
  const before = new Date(Date.now() - keptDays * 86_400_000)
  const mails = await db.outgoingMail.deleteMany({
    where: { nextAt: null, OR: [{ sentAt: { lt: before } }, { givenUpAt: { lt: before } }] },
  })
  const webhooks = await db.webhookDelivery.deleteMany({
    where: { nextAt: null, OR: [{ deliveredAt: { lt: before } }, { givenUpAt: { lt: before } }] },
  })
  return mails.count + webhooks.count
}
