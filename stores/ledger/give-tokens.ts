/** Brings tokens into being for a department, gives them to its members, and takes them back. */
import type { Prisma, Transaction } from '@defect-studio/prisma'
import type { Ledger } from './ledger.ts'
import { houseAccount, lockAccount, soonestLots } from './lock-account.ts'
import { checkAmount, requestHash } from './request-hash.ts'
import { wasDone, writeTransfer } from './write-transfer.ts'

/** What `Ledger.issue` does, as a part of the caller's transaction. */
export async function issueIn(tx: Transaction, order: Parameters<Ledger['issue']>[0]): Promise<void> {
  const { idem, departmentId, amount, expiresAt, byMemberId, note } = order
  checkAmount(amount)
  const hash = requestHash('issue', departmentId, amount, expiresAt)
  const accountId = await lockAccount(tx, { kind: 'department', id: departmentId })
  if (await wasDone(tx, idem, hash)) return
  await tx.$executeRaw`
    INSERT INTO "Lot" ("id", "accountId", "granted", "remaining", "expiresAt")
    VALUES (gen_random_uuid(), ${accountId}::uuid, ${amount}::bigint, ${amount}::bigint, ${expiresAt})`
  const debit = houseAccount('issuer')
  await writeTransfer(tx, {
    idem,
    hash,
    kind: 'issue',
    debit,
    credit: accountId,
    amount,
    byMemberId,
    note: note ?? null,
  })
}

/** What `Ledger.distribute` does, as a part of the caller's transaction. */
export async function distributeIn(
  tx: Transaction,
  order: Parameters<Ledger['distribute']>[0],
): ReturnType<Ledger['distribute']> {
  const { idem, departmentId, memberId, amount, byMemberId } = order
  checkAmount(amount)
  const hash = requestHash('distribute', departmentId, memberId, amount)
  const from = await lockAccount(tx, { kind: 'department', id: departmentId })
  const to = await lockAccount(tx, { kind: 'member', id: memberId })
  if (await wasDone(tx, idem, hash)) return { ok: true }
  const moved = await moveLots(tx, soonestLots(from, amount), to, amount)
  if (!moved.ok) return moved
  await writeTransfer(tx, { idem, hash, kind: 'distribute', debit: from, credit: to, amount, byMemberId })
  return moved
}

/** What `Ledger.revoke` does, as a part of the caller's transaction. */
export async function revokeIn(
  tx: Transaction,
  order: Parameters<Ledger['revoke']>[0],
): ReturnType<Ledger['revoke']> {
  const { idem, departmentId, memberId, amount, byMemberId, note } = order
  checkAmount(amount)
  const hash = requestHash('revoke', departmentId, memberId, amount)
  const to = await lockAccount(tx, { kind: 'department', id: departmentId })
  const from = await lockAccount(tx, { kind: 'member', id: memberId })
  if (await wasDone(tx, idem, hash)) return { ok: true }
  const moved = await moveLots(tx, soonestLots(from, amount, 'last'), to, amount)
  if (!moved.ok) return moved
  await writeTransfer(tx, {
    idem,
    hash,
    kind: 'revoke',
    debit: from,
    credit: to,
    amount,
    byMemberId,
    note: note ?? null,
  })
  return moved
}

/** All or nothing: what is taken from lots arrives as lots of the same expiry. */
async function moveLots(
  tx: Transaction,
  lots: Prisma.Sql,
  to: string,
  amount: bigint,
): Promise<{ ok: true } | { ok: false; available: bigint }> {
  const [row] = await tx.$queryRaw<{ spendable: bigint }[]>`
    WITH "taken" AS (${lots}),
    "enough" AS (SELECT FROM "taken" HAVING sum("amount") = ${amount}::bigint),
    "left" AS (
      UPDATE "Lot" SET "remaining" = "remaining" - "taken"."amount" FROM "enough", "taken"
      WHERE "Lot"."id" = "taken"."id"
    ),
    "arrived" AS (
      INSERT INTO "Lot" ("id", "accountId", "granted", "remaining", "expiresAt")
      SELECT gen_random_uuid(), ${to}::uuid, sum("taken"."amount"), sum("taken"."amount"), "taken"."expiresAt"
      FROM "enough", "taken" GROUP BY "taken"."expiresAt"
    )
    SELECT COALESCE(sum("amount"), 0)::bigint AS "spendable" FROM "taken"`
  const spendable = row?.spendable ?? 0n
  return spendable === amount ? { ok: true } : { ok: false, available: spendable }
}
