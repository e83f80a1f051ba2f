/** Gives back what was charged, wholly or in part: for work that turned out not to have run. */
import { StudioError } from '@defect-studio/nodes'
import type { Transaction } from '@defect-studio/prisma'
import { formatTokens } from './format-tokens.ts'
import type { Ledger } from './ledger.ts'
import { houseAccount } from './lock-account.ts'
import { checkAmount, requestHash } from './request-hash.ts'
import { wasDone, writeTransfer } from './write-transfer.ts'

/** What `Ledger.refund` does, as a part of the caller's transaction. */
export async function refundIn(tx: Transaction, order: Parameters<Ledger['refund']>[0]): Promise<void> {
  const { idem, holdId, amount, byMemberId, note } = order
  checkAmount(amount)
  const hash = requestHash('refund', holdId, amount)
  const [account] = await tx.$queryRaw<{ id: string }[]>`
    SELECT "Account"."id" FROM "Transfer" JOIN "Account" ON "Account"."id" = "Transfer"."debitAccountId"
    WHERE "Transfer"."id" = ${holdId}::uuid AND "Transfer"."kind" = 'hold' FOR NO KEY UPDATE OF "Account"`
  if (await wasDone(tx, idem, hash)) return
  const capture = await tx.transfer.findFirst({ where: { resolves: holdId, kind: 'capture' } })
  if (!account || !capture)
    throw new StudioError('invalid-input', `Nothing was charged for hold ${holdId}: nothing can be refunded.`)
  const earlier = await tx.transfer.aggregate({ where: { refunds: capture.id }, _sum: { amount: true } })
  const before = earlier._sum.amount ?? 0n
  if (before + amount > capture.amount)
    throw new StudioError(
      'invalid-input',
      `Of ${formatTokens(capture.amount)} tokens ${formatTokens(before)} were refunded before: ${formatTokens(amount)} cannot be.`,
    )
  const { creditAccountId: debit, debitAccountId: credit, runId, nodeId } = capture
  await writeTransfer(tx, {
    idem,
    hash,
    kind: 'refund',
    debit,
    credit,
    amount,
    refunds: capture.id,
    runId,
    nodeId,
    byMemberId: byMemberId ?? capture.memberId,
    note: note ?? null,
  })
  const lapsed = await returnToLots(tx, holdId, capture.amount, before, amount)
  if (lapsed > 0n)
    await writeTransfer(tx, {
      idem: `expire:refund:${idem}`,
      hash,
      kind: 'expire',
      debit: account.id,
      credit: houseAccount('expired'),
      amount: lapsed,
    })
}

/**
 * A capture charged the lots of its hold in their order, so a refund goes back from the end of what was charged: to the
 * lots that last longest first. Returns what went back to lots that have expired meanwhile, and is lost with them.
 */
async function returnToLots(
  tx: Transaction,
  holdId: string,
  charged: bigint,
  before: bigint,
  amount: bigint,
): Promise<bigint> {
  const [row] = await tx.$queryRaw<{ lapsed: bigint }[]>`
    WITH "parts" AS (
      SELECT "Lot"."id", COALESCE("Lot"."expiresAt" <= clock_timestamp(), false) AS "late",
        sum("HoldLot"."amount") OVER "inOrder" - "HoldLot"."amount" AS "from",
        LEAST(sum("HoldLot"."amount") OVER "inOrder", ${charged}::bigint) AS "to"
      FROM "HoldLot" JOIN "Lot" ON "Lot"."id" = "HoldLot"."lotId" WHERE "HoldLot"."transferId" = ${holdId}::uuid
      WINDOW "inOrder" AS (ORDER BY "Lot"."expiresAt" NULLS LAST, "Lot"."createdAt", "Lot"."id")
    ),
    -- What is refunded now is the piece [charged - before - amount, charged - before) of the charge.
    "returned" AS (
      SELECT "id", "late", GREATEST(0, LEAST("to", ${charged - before}::bigint)
        - GREATEST("from", ${charged - before - amount}::bigint))::bigint AS "amount" FROM "parts"
    ),
    "lots" AS (
      UPDATE "Lot" SET "remaining" = "remaining" + "returned"."amount" FROM "returned"
      WHERE "Lot"."id" = "returned"."id" AND NOT "late" AND "returned"."amount" > 0
    )
    SELECT COALESCE(sum("amount") FILTER (WHERE "late"), 0)::bigint AS "lapsed" FROM "returned"`
  return row?.lapsed ?? 0n
}
