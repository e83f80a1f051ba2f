/** Takes the lock under which everything of one account happens: balances, lots and holds change one at a time. */
import { Prisma, type Transaction } from '@defect-studio/prisma'

export type Holder = { kind: 'department' | 'member'; id: string }

/**
 * Locks the holder's account, made when missing, until the transaction ends; returns its id. Take it before reading
 * anything of the account. NO KEY: rows that merely refer to the account are not kept waiting.
 */
export async function lockAccount(tx: Transaction, holder: Holder): Promise<string> {
  const locked = await lock(tx, holder)
  if (locked !== undefined) return locked
  await tx.$executeRaw`
    INSERT INTO "Account" ("id", "kind", "holderId")
    VALUES (gen_random_uuid(), ${holder.kind}::"AccountKind", ${holder.id}::uuid)
    ON CONFLICT ("kind", "holderId") DO NOTHING`
  const made = await lock(tx, holder)
  if (made === undefined) throw new Error(`The account of ${holder.kind} ${holder.id} could not be made.`)
  return made
}

async function lock(tx: Transaction, holder: Holder): Promise<string | undefined> {
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "id" FROM "Account"
    WHERE "kind" = ${holder.kind}::"AccountKind" AND "holderId" = ${holder.id}::uuid
    FOR NO KEY UPDATE`
  return row?.id
}

/** One of the house's own accounts; there is one of each kind since the first migration. */
export function houseAccount(kind: 'issuer' | 'revenue' | 'expired'): Prisma.Sql {
  return Prisma.sql`(SELECT "id" FROM "Account" WHERE "kind" = ${kind}::"AccountKind" AND "holderId" IS NULL)`
}

/**
 * The lots to take `amount` from, as a list of (id, amount): those that expire first go first, expired ones never.
 * The list is short of `amount` when the account is. Use it after the account's lock, in a statement of its own:
 * a statement sees what was committed before it began, and the lock may have been waited for.
 */
export function soonestLots(accountId: string, amount: bigint): Prisma.Sql {
  return Prisma.sql`
    SELECT "id", LEAST("free", ${amount}::bigint - "before")::bigint AS "amount", "expiresAt", "createdAt"
    FROM (
      SELECT "id", "expiresAt", "createdAt", "remaining" - "held" AS "free",
        sum("remaining" - "held") OVER (ORDER BY "expiresAt" NULLS LAST, "createdAt", "id")
          - ("remaining" - "held") AS "before"
      FROM "Lot"
      WHERE "accountId" = ${accountId}::uuid AND "remaining" > "held"
        AND ("expiresAt" IS NULL OR "expiresAt" > statement_timestamp())
    ) AS "spendable"
    WHERE "before" < ${amount}::bigint`
}
