/** Sets tokens aside for work that is about to begin. */
import type { Database, Transaction } from '@defect-studio/prisma'
import type { HoldResult, Ledger } from './ledger.ts'
import { checkAmount, checkSameRequest, requestHash } from './request-hash.ts'

/** What `Ledger.hold` does, in one statement: alone, or as a part of the caller's transaction. */
export async function holdIn(
  db: Database | Transaction,
  order: Parameters<Ledger['hold']>[0],
): Promise<HoldResult> {
  const { idem, memberId, departmentId = null, amount, runId, nodeId } = order
  checkAmount(amount)
  const hash = requestHash(
    'hold',
    memberId,
    amount,
    runId,
    nodeId,
    ...(departmentId === null ? [] : [departmentId]),
  )
  const [row] = await db.$queryRaw<{ hold: string | null; available: bigint; recorded: string | null }[]>`
    SELECT "hold", "available", "recorded"
    FROM hold_tokens(${idem}, ${hash}, ${memberId}::uuid, ${amount}::bigint, ${runId}::uuid, ${nodeId},
      ${departmentId}::uuid)`
  if (!row) throw new Error('hold_tokens gave no row.')
  if (row.recorded !== null) checkSameRequest(idem, row.recorded, hash)
  return row.hold === null ? { ok: false, available: row.available } : { ok: true, holdId: row.hold }
}
