/** Tells people of tokens that expire soon: once for each lot, a week before and a day before. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { microPerToken } from '../ledger/ledger.ts'
import { mailLanguage } from '../mails/mail-language.ts'
import { queueMails } from '../mails/queue-mail.ts'
import { tokensExpiring, type TokensExpiring } from '../mails/texts/tokens-expiring.ts'
import { tokenKeepers } from '../mails/token-keepers.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { readTimeZone } from '../statistics/period.ts'

/** Days before the end, the longest first. */
export const toldDaysBefore = [7, 1] as const

interface Holder {
  accountId: string
  kind: TokensExpiring['of']
  holderId: string
}

/**
 * One mail to each person for all lots of an account that come so near in one sweep; a lot is marked in the same
 * transaction, so that it is told of once.
 * @param publicUrl the studio's own address, for the link.
 * @returns how many mails were written.
 */
export async function tellExpiring(db: Database, publicUrl: string | null): Promise<number> {
  const timeZone = await readTimeZone(db)
  let mails = 0
  for (const days of toldDaysBefore.toReversed()) {
    const holders = await db.$queryRaw<Holder[]>`
      SELECT DISTINCT "Account"."id"::text AS "accountId", "kind"::text AS "kind", "holderId"::text AS "holderId"
      FROM "Lot" JOIN "Account" ON "Account"."id" = "Lot"."accountId"
      WHERE "remaining" > "held" AND "expiresAt" > now()
        AND "expiresAt" <= now() + make_interval(days => ${days}) AND COALESCE("toldDays", ${days} + 1) > ${days}`
    for (const holder of holders)
      mails += await retryTransaction(db, (tx) => tell(tx, holder, days, { timeZone, publicUrl }))
  }
  return mails
}

async function tell(
  tx: Transaction,
  { accountId, kind, holderId }: Holder,
  days: number,
  { timeZone, publicUrl }: { timeZone: string; publicUrl: string | null },
): Promise<number> {
  const lots = await tx.$queryRaw<{ id: string; amount: bigint; lastDay: string }[]>`
    UPDATE "Lot" SET "toldDays" = ${days}
    WHERE "id" IN (
      SELECT "id" FROM "Lot" WHERE "accountId" = ${accountId}::uuid AND "remaining" > "held" AND "expiresAt" > now()
        AND "expiresAt" <= now() + make_interval(days => ${days}) AND COALESCE("toldDays", ${days} + 1) > ${days}
      ORDER BY "expiresAt", "id" FOR UPDATE SKIP LOCKED
    )
    RETURNING "id"::text AS "id", "remaining" - "held" AS "amount",
      to_char(("expiresAt" - interval '1 millisecond') AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS "lastDay"`
  const soonest = lots.toSorted((a, b) => (a.lastDay + a.id < b.lastDay + b.id ? -1 : 1))[0]
  if (!soonest) return 0
  const amount = lots.reduce((sum, lot) => sum + lot.amount, 0n)
  const inService = { disabledAt: null, deletedAt: null }
  const people =
    kind === 'member'
      ? await tx.member.findMany({ where: { id: holderId, ...inService } })
      : await tokenKeepers(tx, holderId)
  const department = await tx.department.findUnique({
    where: { id: kind === 'member' ? (people[0]?.departmentId ?? holderId) : holderId },
  })
  await queueMails(
    tx,
    people.map(({ id, name, email, language: stored }) => {
      const language = mailLanguage(stored)
      const facts: TokensExpiring = {
        ...{ name, of: kind, department: department?.name ?? '', lastDay: soonest.lastDay },
        tokens: Number(amount) / Number(microPerToken),
        page: publicUrl === null ? null : new URL('/tokens', publicUrl).href,
      }
      const to = { name, address: email }
      // A lot comes so near once: the first of them names the mail.
      return { key: `expiring-${soonest.id}-${days}-${id}`, to, language, ...tokensExpiring(language, facts) }
    }),
  )
  return people.length
}
