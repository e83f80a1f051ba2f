/** Ends a hold, once: charges a part of it or nothing, and gives the rest back to the lots it came from. */
import { randomUUID } from 'node:crypto'
import { StudioError } from '@defect-studio/nodes'
import type { Transaction } from '@defect-studio/prisma'
import { houseAccount } from './lock-account.ts'
import { requestHash } from './request-hash.ts'

interface Hold {
  accountId: string
  amount: bigint
}

interface Resolution {
  kind: 'capture' | 'release'
  amount: bigint
}

/**
 * What `Ledger.capture` does, as a part of the caller's transaction. Make it the last part: every capture changes
 * the revenue account, and keeps the others waiting until the transaction ends.
 * @throws StudioError 'invalid-input' when the hold was released, captured with another amount, or is smaller.
 */
export async function captureIn(
  tx: Transaction,
  order: { holdId: string; amount: bigint },
): Promise<'captured' | 'captured-before'> {
  const { holdId, amount } = order
  const hold = await lockHold(tx, holdId)
  const earlier = await findResolution(tx, holdId)
  if (earlier?.kind === 'release')
    throw new StudioError('invalid-input', `Hold ${holdId} was given back: it can no longer be charged.`)
  if (earlier && earlier.amount !== amount)
    throw new StudioError(
      'invalid-input',
      `Hold ${holdId} was charged ${earlier.amount} before, not ${amount}.`,
    )
  if (earlier) return 'captured-before'
  if (amount < 0n || amount > hold.amount)
    throw new StudioError(
      'invalid-input',
      `Hold ${holdId} has ${hold.amount} micro-tokens: ${amount} cannot be charged.`,
    )
  await resolve(tx, holdId, hold, { kind: 'capture', amount })
  return 'captured'
}

/** What `Ledger.release` does, as a part of the caller's transaction; says what it found. */
export async function releaseIn(
  tx: Transaction,
  order: { holdId: string },
): Promise<'released' | 'released-before' | 'captured-before'> {
  const hold = await lockHold(tx, order.holdId)
  const earlier = await findResolution(tx, order.holdId)
  if (earlier) return earlier.kind === 'release' ? 'released-before' : 'captured-before'
  await resolve(tx, order.holdId, hold, { kind: 'release', amount: hold.amount })
  return 'released'
}

async function lockHold(tx: Transaction, holdId: string): Promise<Hold> {
  const [hold] = await tx.$queryRaw<Hold[]>`
    SELECT "Account"."id" AS "accountId", "Transfer"."amount" FROM "Transfer"
    JOIN "Account" ON "Account"."id" = "Transfer"."debitAccountId"
    WHERE "Transfer"."id" = ${holdId}::uuid AND "Transfer"."kind" = 'hold'
    FOR NO KEY UPDATE OF "Account"`
  if (!hold) throw new StudioError('invalid-input', `There is no hold ${holdId}.`)
  return hold
}

async function findResolution(tx: Transaction, holdId: string): Promise<Resolution | undefined> {
  const [row] = await tx.$queryRaw<Resolution[]>`
    SELECT "kind"::text AS "kind", "amount" FROM "Transfer" WHERE "resolves" = ${holdId}::uuid`
  return row
}

async function resolve(tx: Transaction, holdId: string, hold: Hold, resolution: Resolution): Promise<void> {
  const { kind, amount } = resolution
  const charged = kind === 'capture' ? amount : 0n
  const idem = `${kind}:${holdId}`
  const [totals] = await tx.$queryRaw<{ lapsed: bigint }[]>`
    WITH "parts" AS (
      SELECT "Lot"."id", "HoldLot"."amount",
        COALESCE("Lot"."expiresAt" <= statement_timestamp(), false) AS "late",
        LEAST("HoldLot"."amount", GREATEST(0, ${charged}::bigint + "HoldLot"."amount"
          - sum("HoldLot"."amount") OVER (ORDER BY "Lot"."expiresAt" NULLS LAST, "Lot"."createdAt", "Lot"."id")
        ))::bigint AS "charged"
      FROM "HoldLot" JOIN "Lot" ON "Lot"."id" = "HoldLot"."lotId"
      WHERE "HoldLot"."transferId" = ${holdId}::uuid
    ),
    -- What comes back to a lot that expired meanwhile has expired too.
    "outcome" AS (SELECT *, CASE WHEN "late" THEN "amount" - "charged" ELSE 0 END AS "lapsed" FROM "parts"),
    "totals" AS (SELECT COALESCE(sum("lapsed"), 0)::bigint AS "lapsed" FROM "outcome"),
    "lots" AS (
      UPDATE "Lot" SET "held" = "held" - "outcome"."amount",
        "remaining" = "remaining" - "outcome"."charged" - "outcome"."lapsed"
      FROM "outcome" WHERE "Lot"."id" = "outcome"."id"
    ),
    "resolution" AS (
      INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
        "resolves", "runId", "nodeId", "memberId")
      SELECT ${randomUUID()}::uuid, ${idem}, ${requestHash(idem, amount)}, ${kind}::"TransferKind",
        "debitAccountId", "creditAccountId", ${amount}::bigint, "id", "runId", "nodeId", "memberId"
      FROM "Transfer" WHERE "id" = ${holdId}::uuid
    ),
    "holder" AS (
      UPDATE "Account" SET "posted" = "posted" - ${charged}::bigint - "totals"."lapsed",
        "pending" = "pending" - ${hold.amount}::bigint
      FROM "totals" WHERE "Account"."id" = ${hold.accountId}::uuid
    ),
    "revenue" AS (
      UPDATE "Account" SET "posted" = "posted" + ${charged}::bigint
      WHERE ${charged}::bigint > 0 AND "id" = ${houseAccount('revenue')}
    )
    SELECT "lapsed" FROM "totals"`
  if (totals && totals.lapsed > 0n)
    await recordExpiry(tx, {
      idem: `expire:${holdId}`,
      accountId: hold.accountId,
      amount: totals.lapsed,
      note: null,
    })
}

/** Writes that tokens left an account by age; its lots and balance are the caller's part. */
export async function recordExpiry(
  tx: Transaction,
  expiry: { idem: string; accountId: string; amount: bigint; note: string | null },
): Promise<void> {
  const { idem, accountId, amount, note } = expiry
  await tx.$executeRaw`
    INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount", "note")
    VALUES (${randomUUID()}::uuid, ${idem}, ${requestHash(idem, amount)}, 'expire', ${accountId}::uuid,
      ${houseAccount('expired')}, ${amount}::bigint, ${note})`
  await tx.$executeRaw`
    UPDATE "Account" SET "posted" = "posted" + ${amount}::bigint WHERE "id" = ${houseAccount('expired')}`
}
