/** Takes the lock under which everything of one account happens: balances, lots and holds change one at a time. */
import { Prisma, type Transaction } from '@defect-studio/prisma'

/** A pool is its department's: it has the department's id. */
export type Holder = { kind: 'department' | 'pool' | 'member'; id: string }

/**
 * Locks the holder's account, made when missing, until the transaction ends; returns its id. Take it before reading
 * anything of the account. NO KEY: rows that merely refer to the account are not kept waiting. Whoever needs several
 * takes the department's before those of members, in the order of their ids, and the pool's last.
 */
export async function lockAccount(tx: Transaction, holder: Holder): Promise<string> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT lock_account(${holder.kind}::"AccountKind", ${holder.id}::uuid)::text AS "id"`
  if (!row) throw new Error(`The account of ${holder.kind} ${holder.id} could not be made.`)
  return row.id
}

/** One of the house's own accounts; there is one of each kind since the first migration. */
export function houseAccount(kind: 'issuer' | 'expired'): Prisma.Sql {
  return Prisma.sql`(SELECT "id" FROM "Account" WHERE "kind" = ${kind}::"AccountKind" AND "holderId" IS NULL)`
}

/**
 * The lots to take `amount` from, as a list of (id, amount, expiresAt): those that expire first go first, expired ones
 * never. `last` turns the order round. The list is short of `amount` when the account is. Use it after the account's
 * lock, in a statement of its own: a statement sees what was committed before it began, and the lock may have been
 * waited for.
 */
export function soonestLots(
  accountId: string,
  amount: bigint,
  order: 'first' | 'last' = 'first',
): Prisma.Sql {
  const sort =
    order === 'first'
      ? Prisma.sql`ORDER BY "expiresAt" NULLS LAST, "createdAt", "id"`
      : Prisma.sql`ORDER BY "expiresAt" DESC NULLS FIRST, "createdAt" DESC, "id" DESC`
  return Prisma.sql`
    SELECT "id", LEAST("free", ${amount}::bigint - "before")::bigint AS "amount", "expiresAt", "createdAt"
    FROM (
      SELECT "id", "expiresAt", "createdAt", "remaining" - "held" AS "free",
        sum("remaining" - "held") OVER (${sort}) - ("remaining" - "held") AS "before"
      FROM "Lot"
      WHERE "accountId" = ${accountId}::uuid AND "remaining" > "held"
        AND ("expiresAt" IS NULL OR "expiresAt" > statement_timestamp())
    ) AS "spendable"
    WHERE "before" < ${amount}::bigint`
}
