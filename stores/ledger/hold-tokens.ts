/** Sets tokens aside for work that is about to begin. */
import { randomUUID } from 'node:crypto'
import type { Transaction } from '@defect-studio/prisma'
import type { HoldResult, Ledger } from './ledger.ts'
import { houseAccount, lockAccount, soonestLots } from './lock-account.ts'
import { checkAmount, checkSameRequest, requestHash } from './request-hash.ts'

/** What `Ledger.hold` does, as a part of the caller's transaction. */
export async function holdIn(tx: Transaction, order: Parameters<Ledger['hold']>[0]): Promise<HoldResult> {
  const { idem, memberId, amount, runId, nodeId } = order
  checkAmount(amount)
  const hash = requestHash('hold', memberId, amount, runId, nodeId)
  const accountId = await lockAccount(tx, { kind: 'member', id: memberId })
  const holdId = randomUUID()
  const [row] = await tx.$queryRaw<{ spendable: bigint; existing: string | null; hash: string | null }[]>`
    WITH "taken" AS (${soonestLots(accountId, amount)}),
    "existing" AS (SELECT "id", "requestHash" FROM "Transfer" WHERE "idem" = ${idem}),
    "hold" AS (
      INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
        "runId", "nodeId", "memberId")
      SELECT ${holdId}::uuid, ${idem}, ${hash}, 'hold', ${accountId}::uuid, ${houseAccount('revenue')},
        ${amount}::bigint, ${runId}::uuid, ${nodeId}, ${memberId}::uuid
      WHERE NOT EXISTS (SELECT FROM "existing")
        AND (SELECT sum("amount") FROM "taken") = ${amount}::bigint
      RETURNING "id"
    ),
    "allocations" AS (
      INSERT INTO "HoldLot" ("transferId", "lotId", "amount")
      SELECT "hold"."id", "taken"."id", "taken"."amount" FROM "hold", "taken"
    ),
    "lots" AS (
      UPDATE "Lot" SET "held" = "held" + "taken"."amount" FROM "hold", "taken" WHERE "Lot"."id" = "taken"."id"
    ),
    "account" AS (
      UPDATE "Account" SET "pending" = "pending" + ${amount}::bigint FROM "hold" WHERE "Account"."id" = ${accountId}::uuid
    )
    SELECT COALESCE((SELECT sum("amount") FROM "taken"), 0)::bigint AS "spendable",
      (SELECT "id" FROM "existing")::text AS "existing", (SELECT "requestHash" FROM "existing") AS "hash"`
  if (!row) throw new Error('A SELECT without FROM gave no row.')
  if (row.existing !== null && row.hash !== null) {
    checkSameRequest(idem, row.hash, hash)
    return { ok: true, holdId: row.existing }
  }
  // Short of the amount, what was taken is all that there is.
  return row.spendable === amount ? { ok: true, holdId } : { ok: false, available: row.spendable }
}
