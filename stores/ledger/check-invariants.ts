/** Compares what the ledger says in one place with what it says in another. */
import { Prisma, type Database } from '@defect-studio/prisma'

/** Each query finds the rows that break one promise, as `what`: a sentence's end with both figures. */
const promises: { promise: string; broken: Prisma.Sql }[] = [
  {
    promise: "An account's balance is the sum of its transfers",
    broken: Prisma.sql`
      SELECT "kind" || ' ' || COALESCE("holderId"::text, '') || ': ' || "posted" || ', transfers ' || "sum" AS "what"
      FROM (
        SELECT "Account".*, COALESCE((SELECT sum("amount") FROM "Transfer"
            WHERE "creditAccountId" = "Account"."id" AND "kind" NOT IN ('hold', 'release')), 0)
          - COALESCE((SELECT sum("amount") FROM "Transfer"
            WHERE "debitAccountId" = "Account"."id" AND "kind" NOT IN ('hold', 'release')), 0) AS "sum"
        FROM "Account"
      ) AS "a" WHERE "posted" <> "sum"`,
  },
  {
    promise: 'What is pending on an account is the sum of its open holds',
    broken: Prisma.sql`
      SELECT "kind" || ' ' || COALESCE("holderId"::text, '') || ': ' || "pending" || ', holds ' || "sum" AS "what"
      FROM (
        SELECT "Account".*, COALESCE((SELECT sum("h"."amount") FROM "Transfer" AS "h"
          WHERE "h"."debitAccountId" = "Account"."id" AND "h"."kind" = 'hold'
            AND NOT EXISTS (SELECT FROM "Transfer" AS "r" WHERE "r"."resolves" = "h"."id")), 0) AS "sum"
        FROM "Account"
      ) AS "a" WHERE "pending" <> "sum"`,
  },
  {
    promise: "A holder's lots add up to the account",
    broken: Prisma.sql`
      SELECT "kind" || ' ' || "holderId" || ': ' || "posted" || '/' || "pending" || ', lots ' || "remaining" || '/'
        || "held" AS "what"
      FROM (
        SELECT "Account".*,
          COALESCE((SELECT sum("remaining") FROM "Lot" WHERE "accountId" = "Account"."id"), 0) AS "remaining",
          COALESCE((SELECT sum("held") FROM "Lot" WHERE "accountId" = "Account"."id"), 0) AS "held"
        FROM "Account" WHERE "kind" IN ('department', 'pool', 'member')
      ) AS "a" WHERE "posted" <> "remaining" OR "pending" <> "held"`,
  },
  {
    promise: 'What a lot holds is what open holds took from it',
    broken: Prisma.sql`
      SELECT "id" || ': ' || "held" || ', holds ' || "sum" AS "what"
      FROM (
        SELECT "Lot"."id", "Lot"."held", COALESCE((SELECT sum("HoldLot"."amount") FROM "HoldLot"
          WHERE "lotId" = "Lot"."id"
            AND NOT EXISTS (SELECT FROM "Transfer" AS "r" WHERE "r"."resolves" = "HoldLot"."transferId")), 0) AS "sum"
        FROM "Lot"
      ) AS "l" WHERE "held" <> "sum"`,
  },
  {
    promise: 'A hold is the sum of what it took from lots',
    broken: Prisma.sql`
      SELECT "id" || ': ' || "amount" || ', lots ' || "sum" AS "what"
      FROM (
        SELECT "Transfer"."id", "Transfer"."amount",
          COALESCE((SELECT sum("amount") FROM "HoldLot" WHERE "transferId" = "Transfer"."id"), 0) AS "sum"
        FROM "Transfer" WHERE "kind" = 'hold'
      ) AS "h" WHERE "amount" <> "sum"`,
  },
  {
    promise: 'A capture takes at most its hold, a release all of it, from the same account',
    broken: Prisma.sql`
      SELECT "r"."kind" || ' ' || "r"."id" || ': ' || "r"."amount" || ' of ' || "h"."kind" || ' ' || "h"."amount" AS "what"
      FROM "Transfer" AS "r" JOIN "Transfer" AS "h" ON "h"."id" = "r"."resolves"
      WHERE "h"."kind" <> 'hold' OR "r"."debitAccountId" <> "h"."debitAccountId"
        OR "r"."amount" > "h"."amount" OR ("r"."kind" = 'release' AND "r"."amount" <> "h"."amount")`,
  },
  {
    promise: 'The two parts of a hold that a pool shares end together, and are what they say of each other',
    broken: Prisma.sql`
      SELECT "h"."id" || ': ' || "h"."poolAmount" || ', pool ' || COALESCE("p"."amount"::text, 'none')
        || CASE WHEN ("hr"."id" IS NULL) <> ("pr"."id" IS NULL) THEN ', one ended' ELSE '' END AS "what"
      FROM "Transfer" AS "h"
      LEFT JOIN "Transfer" AS "p" ON "p"."poolOf" = "h"."id"
      LEFT JOIN "Transfer" AS "hr" ON "hr"."resolves" = "h"."id"
      LEFT JOIN "Transfer" AS "pr" ON "pr"."resolves" = "p"."id"
      WHERE "h"."kind" = 'hold' AND "h"."poolOf" IS NULL AND (
        "h"."poolAmount" <> COALESCE("p"."amount", 0)
        OR ("p"."id" IS NOT NULL AND (("hr"."id" IS NULL) <> ("pr"."id" IS NULL)
          OR "pr"."poolOf" IS DISTINCT FROM "hr"."id")))`,
  },
  {
    promise: 'Refunds are of a capture, between the same accounts, and together at most as much',
    broken: Prisma.sql`
      SELECT "c"."kind" || ' ' || "c"."id" || ': ' || sum("r"."amount") || ' of ' || "c"."amount" AS "what"
      FROM "Transfer" AS "r" JOIN "Transfer" AS "c" ON "c"."id" = "r"."refunds"
      GROUP BY "c"."id"
      HAVING "c"."kind" <> 'capture' OR sum("r"."amount") > "c"."amount"
        OR bool_or("r"."debitAccountId" <> "c"."creditAccountId" OR "r"."creditAccountId" <> "c"."debitAccountId")`,
  },
  {
    promise: 'All accounts together are 0',
    broken: Prisma.sql`SELECT sum("posted")::text AS "what" FROM "Account" HAVING sum("posted") <> 0`,
  },
]

/** Every broken promise as a sentence; all are looked at in one moment of the database. */
export async function checkInvariants(db: Database): Promise<string[]> {
  return db.$transaction(
    async (tx) => {
      const found: string[] = []
      for (const { promise, broken } of promises)
        for (const { what } of await tx.$queryRaw<{ what: string }[]>(broken))
          found.push(`${promise}: ${what}`)
      return found
    },
    { isolationLevel: 'RepeatableRead', timeout: 120_000 },
  )
}
