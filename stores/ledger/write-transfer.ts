/** Writes a transfer; the database moves both balances by it. Lots are the caller's part. */
import { randomUUID } from 'node:crypto'
import type { Prisma, Transaction } from '@defect-studio/prisma'
import { checkSameRequest } from './request-hash.ts'

interface NewTransfer {
  idem: string
  hash: string
  kind: 'issue' | 'distribute' | 'revoke' | 'refund' | 'expire'
  /** An account's id, or a query for it. */
  debit: string | Prisma.Sql
  credit: string | Prisma.Sql
  amount: bigint
  refunds?: string
  runId?: string | null
  nodeId?: string | null
  byMemberId?: string | null
  note?: string | null | undefined
}

export async function writeTransfer(tx: Transaction, transfer: NewTransfer): Promise<string> {
  const { idem, hash, kind, debit, credit, amount, refunds, runId, nodeId, byMemberId, note } = transfer
  const id = randomUUID()
  await tx.$executeRaw`
    INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
      "refunds", "runId", "nodeId", "memberId", "note")
    VALUES (${id}::uuid, ${idem}, ${hash}, ${kind}::"TransferKind", ${debit}::uuid, ${credit}::uuid,
      ${amount}::bigint, ${refunds ?? null}::uuid, ${runId ?? null}::uuid, ${nodeId ?? null},
      ${byMemberId ?? null}::uuid, ${note ?? null})`
  return id
}

/** @throws ReusedKeyError when the key was used for something else. */
export async function wasDone(tx: Transaction, idem: string, hash: string): Promise<boolean> {
  const earlier = await tx.transfer.findUnique({ where: { idem }, select: { requestHash: true } })
  if (earlier) checkSameRequest(idem, earlier.requestHash, hash)
  return earlier !== null
}
