/** Moves tokens whose time has passed out of their accounts; what is held waits for its hold to end. */
import { randomUUID } from 'node:crypto'
import type { Database, Transaction } from '@defect-studio/prisma'
import { retryTransaction } from '../retry-transaction.ts'
import { houseAccount } from './lock-account.ts'
import { requestHash } from './request-hash.ts'
import { writeTransfer } from './write-transfer.ts'

/** What `Ledger.expire` does: one short transaction for each account that has something expired. */
export async function expireLots(db: Database): Promise<{ lots: number; amount: bigint }> {
  const accounts = await db.$queryRaw<{ accountId: string }[]>`
    SELECT DISTINCT "accountId" FROM "Lot" WHERE "expiresAt" <= now() AND "remaining" > "held"`
  const total = { lots: 0, amount: 0n }
  for (const { accountId } of accounts) {
    const swept = await retryTransaction(db, (tx) => expireAccount(tx, accountId))
    total.lots += swept.length
    for (const { amount } of swept) total.amount += amount
  }
  return total
}

async function expireAccount(tx: Transaction, accountId: string): Promise<{ id: string; amount: bigint }[]> {
  await tx.$queryRaw`SELECT "id" FROM "Account" WHERE "id" = ${accountId}::uuid FOR NO KEY UPDATE`
  const lots = await tx.$queryRaw<{ id: string; amount: bigint }[]>`
    WITH "late" AS (
      SELECT "id", "remaining" - "held" AS "amount" FROM "Lot"
      WHERE "accountId" = ${accountId}::uuid AND "expiresAt" <= statement_timestamp() AND "remaining" > "held"
    ),
    "emptied" AS (UPDATE "Lot" SET "remaining" = "held" FROM "late" WHERE "Lot"."id" = "late"."id")
    SELECT "id", "amount" FROM "late" ORDER BY "id"`
  // The account's lock makes this happen once: afterwards the lot has nothing left to expire.
  for (const { id, amount } of lots) {
    const idem = `expire:${id}:${randomUUID()}`
    await writeTransfer(tx, {
      idem,
      hash: requestHash(idem, amount),
      kind: 'expire',
      debit: accountId,
      credit: houseAccount('expired'),
      amount,
      note: `lot ${id}`,
    })
  }
  return lots
}
