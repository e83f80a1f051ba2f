/** Removes guests whom nobody approved in time, and what signing in and up has left behind. */
import type { Database } from '@defect-studio/prisma'
import { endSessions } from './end-sessions.ts'
import { mailLanguage } from '../mails/mail-language.ts'
import { queueMail } from '../mails/queue-mail.ts'
import { accountNews } from '../mails/texts/account-news.ts'

export const guestDays = 3

/** How long what can no longer be used is kept, for whoever looks why something failed. */
const restDays = 1

/**
 * Guests who were never approved and own nothing, after three days: the person is told by mail and may ask again.
 * Somebody who was made a guest after they had worked stays. @returns how many were removed.
 */
export async function removeStaleGuests(db: Database): Promise<number> {
  const stale = await db.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Member" WHERE "role" = 'guest' AND "approvedAt" IS NULL AND "deletedAt" IS NULL
      AND "createdAt" < now() - make_interval(days => ${guestDays})
      AND NOT EXISTS (SELECT FROM "Run" WHERE "ownerId" = "Member"."id")
      AND NOT EXISTS (SELECT FROM "Graph" WHERE "ownerId" = "Member"."id")
      AND NOT EXISTS (SELECT FROM "Image" WHERE "ownerId" = "Member"."id")
      AND NOT EXISTS (SELECT FROM "Preset" WHERE "ownerId" = "Member"."id")
      AND NOT EXISTS (SELECT FROM "TokenRequest" WHERE "memberId" = "Member"."id")
      AND NOT EXISTS (SELECT FROM "Account" WHERE "kind" = 'member' AND "holderId" = "Member"."id")
    LIMIT 1000`
  let removed = 0
  for (const { id } of stale)
    await db
      .$transaction(async (tx) => {
        // Approved or removed by somebody meanwhile: then there is nothing to do.
        await endSessions(tx, id)
        const [gone] = await tx.$queryRaw<{ name: string; email: string; language: string }[]>`
        DELETE FROM "Member" WHERE "id" = ${id}::uuid AND "role" = 'guest' AND "approvedAt" IS NULL
        RETURNING "name", "email", "language"`
        if (!gone) throw new ApprovedMeanwhile()
        const language = mailLanguage(gone.language)
        const to = { name: gone.name, address: gone.email }
        const letter = accountNews(language, { kind: 'guest-removed', name: gone.name, days: guestDays })
        await queueMail(tx, { key: `guest-removed-${id}`, to, language, ...letter })
        removed += 1
      })
      .catch((error: unknown) => {
        if (!(error instanceof ApprovedMeanwhile)) throw error
      })
  return removed
}

/** Undoes the transaction, so that a guest who was just approved stays signed in. */
class ApprovedMeanwhile extends Error {}

export async function sweepAccounts(db: Database): Promise<{ guests: number; rests: number }> {
  const guests = await removeStaleGuests(db)
  const before = new Date(Date.now() - restDays * 86_400_000)
  const rests = await Promise.all([
    db.signUp.deleteMany({ where: { expiresAt: { lt: before } } }),
    db.verificationCode.deleteMany({ where: { expiresAt: { lt: before } } }),
    db.signInFailure.deleteMany({ where: { updatedAt: { lt: before } } }),
    db.session.deleteMany({ where: { OR: [{ expiresAt: { lt: before } }, { revokedAt: { lt: before } }] } }),
  ])
  return { guests, rests: rests.reduce((sum, { count }) => sum + count, 0) }
}
