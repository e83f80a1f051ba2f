/** The lots of an account: what there is of each, and until when. */
import type { Database } from '@defect-studio/prisma'
import type { Holder } from './lock-account.ts'

export interface LotLine {
  id: string
  /** Micro-tokens that it began with, that are left, and that are held of those. */
  granted: bigint
  remaining: bigint
  held: bigint
  /** Null: never. */
  expiresAt: Date | null
  createdAt: Date
}

/** Of which something is left, in the order in which they are spent. @param before only those that expire by then. */
export async function readLots(
  db: Database,
  holder: Holder,
  most: number,
  before?: Date,
): Promise<LotLine[]> {
  return db.lot.findMany({
    where: {
      account: { kind: holder.kind, holderId: holder.id },
      remaining: { gt: 0n },
      OR: [
        ...(before ? [] : [{ expiresAt: null }]),
        { expiresAt: { gt: new Date(), ...(before ? { lte: before } : {}) } },
      ],
    },
    orderBy: [{ expiresAt: { sort: 'asc', nulls: 'last' } }, { createdAt: 'asc' }, { id: 'asc' }],
    take: most,
    omit: { toldDays: true, accountId: true },
  })
}

/** What expires next of an account: how much at the first such moment up to `before`, and how much by then in all. */
export interface Expiring {
  first: Date
  amount: bigint
  total: bigint
}

export async function readExpiring(db: Database, holder: Holder, before: Date): Promise<Expiring | null> {
  const rows = await db.$queryRaw<{ expiresAt: Date; amount: bigint }[]>`
    SELECT "Lot"."expiresAt", sum("remaining" - "held")::bigint AS "amount"
    FROM "Lot" JOIN "Account" ON "Account"."id" = "Lot"."accountId"
    WHERE "Account"."kind" = ${holder.kind}::"AccountKind" AND "Account"."holderId" = ${holder.id}::uuid
      AND "remaining" > "held" AND "Lot"."expiresAt" > now() AND "Lot"."expiresAt" <= ${before}
    GROUP BY 1 ORDER BY 1`
  const [first] = rows
  if (!first) return null
  return {
    first: first.expiresAt,
    amount: first.amount,
    total: rows.reduce((sum, { amount }) => sum + amount, 0n),
  }
}
