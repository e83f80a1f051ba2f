/** Gives back what was charged, wholly or in part: for work that turned out not to have run. */
import { StudioError } from '@defect-studio/nodes'
import type { Transaction, Transfer } from '@defect-studio/prisma'
import { formatTokens } from './format-tokens.ts'
import type { Ledger } from './ledger.ts'
import { houseAccount } from './lock-account.ts'
import { checkAmount, requestHash } from './request-hash.ts'
import { wasDone, writeTransfer } from './write-transfer.ts'

/** What `Ledger.refund` does, as a part of the caller's transaction. */
export async function refundIn(tx: Transaction, order: Parameters<Ledger['refund']>[0]): Promise<void> {
  const { idem, holdId, amount } = order
  checkAmount(amount)
  const parts = await lockParts(tx, holdId)
  const [own] = parts
  const hash = requestHash('refund', own?.holdId ?? holdId, amount)
  if (await wasDone(tx, idem, hash)) return
  const charges: Charge[] = []
  for (const part of parts) charges.push(...(await readCharge(tx, part)))
  if (charges.length === 0)
    throw new StudioError('invalid-input', `Nothing was charged for hold ${holdId}: nothing can be refunded.`)
  const charged = charges.reduce((sum, { capture }) => sum + capture.amount, 0n)
  const before = charges.reduce((sum, one) => sum + one.before, 0n)
  if (before + amount > charged)
    throw new StudioError(
      'invalid-input',
      `Of ${formatTokens(charged)} tokens ${formatTokens(before)} were refunded before: ${formatTokens(amount)} cannot be.`,
    )
  // What was charged last comes back first: the pool's part, then the member's own.
  let left = amount
  let key = idem
  for (const charge of charges.toReversed()) {
    const open = charge.capture.amount - charge.before
    const back = open < left ? open : left
    if (back === 0n) continue
    left -= back
    await refundPart(tx, { ...order, idem: key, amount: back }, hash, charge)
    key = `${idem}:own`
  }
}

interface Part {
  holdId: string
  accountId: string
}

interface Charge extends Part {
  capture: Transfer
  /** Micro-tokens of it that were refunded before. */
  before: bigint
}

/** The member's part of the hold and the pool's, if it has one, under the locks of their accounts; either may be named. */
async function lockParts(tx: Transaction, holdId: string): Promise<Part[]> {
  const named = await tx.transfer.findFirst({ where: { id: holdId, kind: 'hold' } })
  if (!named) return []
  const own = named.poolOf === null ? named : await tx.transfer.findUnique({ where: { id: named.poolOf } })
  const shared = await tx.transfer.findFirst({ where: { poolOf: own?.id ?? holdId } })
  const parts: Part[] = []
  for (const part of [own, shared]) {
    if (!part) continue
    await tx.$queryRaw`SELECT "id" FROM "Account" WHERE "id" = ${part.debitAccountId}::uuid FOR NO KEY UPDATE`
    parts.push({ holdId: part.id, accountId: part.debitAccountId })
  }
  return parts
}

/** Nothing when the part was given back whole. */
async function readCharge(tx: Transaction, part: Part): Promise<Charge[]> {
  const capture = await tx.transfer.findFirst({ where: { resolves: part.holdId, kind: 'capture' } })
  if (!capture) return []
  const earlier = await tx.transfer.aggregate({ where: { refunds: capture.id }, _sum: { amount: true } })
  return [{ ...part, capture, before: earlier._sum.amount ?? 0n }]
}

async function refundPart(
  tx: Transaction,
  { idem, amount, byMemberId, note }: Parameters<Ledger['refund']>[0],
  hash: string,
  { holdId, accountId, capture, before }: Charge,
): Promise<void> {
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
    note,
  })
  const lapsed = await returnToLots(tx, holdId, capture.amount, before, amount)
  if (lapsed > 0n)
    await writeTransfer(tx, {
      idem: `expire:refund:${idem}`,
      hash,
      kind: 'expire',
      debit: accountId,
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
