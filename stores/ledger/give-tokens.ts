/** Brings tokens into being for a department, and gives them to its members. */
import { randomUUID } from 'node:crypto'
import type { Transaction } from '@defect-studio/prisma'
import type { Ledger } from './ledger.ts'
import { houseAccount, lockAccount, soonestLots } from './lock-account.ts'
import { checkAmount, checkSameRequest, requestHash } from './request-hash.ts'

/** What `Ledger.issue` does, as a part of the caller's transaction. */
export async function issueIn(tx: Transaction, order: Parameters<Ledger['issue']>[0]): Promise<void> {
  const { idem, departmentId, amount, expiresAt, byMemberId, note } = order
  checkAmount(amount)
  const hash = requestHash('issue', departmentId, amount, expiresAt)
  const accountId = await lockAccount(tx, { kind: 'department', id: departmentId })
  if (await wasDone(tx, idem, hash)) return
  await tx.$executeRaw`
    INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
      "memberId", "note")
    VALUES (${randomUUID()}::uuid, ${idem}, ${hash}, 'issue', ${houseAccount('issuer')}, ${accountId}::uuid,
      ${amount}::bigint, ${byMemberId}::uuid, ${note ?? null})`
  await tx.$executeRaw`
    INSERT INTO "Lot" ("id", "accountId", "granted", "remaining", "expiresAt")
    VALUES (${randomUUID()}::uuid, ${accountId}::uuid, ${amount}::bigint, ${amount}::bigint, ${expiresAt})`
  await tx.$executeRaw`UPDATE "Account" SET "posted" = "posted" + ${amount}::bigint WHERE "id" = ${accountId}::uuid`
  await tx.$executeRaw`
    UPDATE "Account" SET "posted" = "posted" - ${amount}::bigint WHERE "id" = ${houseAccount('issuer')}`
}

/** What `Ledger.distribute` does, as a part of the caller's transaction. */
export async function distributeIn(
  tx: Transaction,
  order: Parameters<Ledger['distribute']>[0],
): ReturnType<Ledger['distribute']> {
  const { idem, departmentId, memberId, amount, byMemberId } = order
  checkAmount(amount)
  const hash = requestHash('distribute', departmentId, memberId, amount)
  // Always the department first: nobody takes a member's lock and then a department's.
  const from = await lockAccount(tx, { kind: 'department', id: departmentId })
  const to = await lockAccount(tx, { kind: 'member', id: memberId })
  if (await wasDone(tx, idem, hash)) return { ok: true }
  const [row] = await tx.$queryRaw<{ spendable: bigint }[]>`
    WITH "taken" AS (${soonestLots(from, amount)}),
    "transfer" AS (
      INSERT INTO "Transfer" ("id", "idem", "requestHash", "kind", "debitAccountId", "creditAccountId", "amount",
        "memberId")
      SELECT ${randomUUID()}::uuid, ${idem}, ${hash}, 'distribute', ${from}::uuid, ${to}::uuid, ${amount}::bigint,
        ${byMemberId}::uuid
      WHERE (SELECT sum("amount") FROM "taken") = ${amount}::bigint
      RETURNING "id"
    ),
    "left" AS (
      UPDATE "Lot" SET "remaining" = "remaining" - "taken"."amount" FROM "transfer", "taken"
      WHERE "Lot"."id" = "taken"."id"
    ),
    "arrived" AS (
      INSERT INTO "Lot" ("id", "accountId", "granted", "remaining", "expiresAt")
      SELECT gen_random_uuid(), ${to}::uuid, "taken"."amount", "taken"."amount", "taken"."expiresAt"
      FROM "transfer", "taken"
    ),
    "accounts" AS (
      UPDATE "Account"
      SET "posted" = "posted" + CASE WHEN "Account"."id" = ${to}::uuid THEN ${amount}::bigint ELSE -${amount}::bigint END
      FROM "transfer" WHERE "Account"."id" IN (${from}::uuid, ${to}::uuid)
    )
    SELECT COALESCE(sum("amount"), 0)::bigint AS "spendable" FROM "taken"`
  const spendable = row?.spendable ?? 0n
  return spendable === amount ? { ok: true } : { ok: false, available: spendable }
}

async function wasDone(tx: Transaction, idem: string, hash: string): Promise<boolean> {
  const earlier = await tx.transfer.findUnique({ where: { idem }, select: { requestHash: true } })
  if (earlier) checkSameRequest(idem, earlier.requestHash, hash)
  return earlier !== null
}
