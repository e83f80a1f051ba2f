/** Brings tokens into being for departments, gives them to members and pools, and takes them back. */
import { StudioError } from '@defect-studio/nodes'
import type { Prisma, Transaction } from '@defect-studio/prisma'
import type { DistributeOrder, IssueOrder, RevokeOrder } from './give-orders.ts'
import type { Moved } from './ledger.ts'
import { houseAccount, lockAccount, soonestLots } from './lock-account.ts'
import { checkAmount, requestHash } from './request-hash.ts'
import { wasDone, writeTransfer } from './write-transfer.ts'

/** New tokens for each of the departments, as a part of the caller's transaction: for all of them, or for none. */
export async function issueIn(tx: Transaction, order: IssueOrder): Promise<void> {
  const { idem, amount, expiresAt, byMemberId, note } = order
  checkAmount(amount)
  const departmentIds = [...new Set(order.departmentIds)].sort()
  const hash = requestHash('issue', ...departmentIds, amount, expiresAt)
  const accounts: string[] = []
  for (const id of departmentIds) accounts.push(await lockAccount(tx, { kind: 'department', id }))
  if (await wasDone(tx, idem, hash)) return
  const debit = houseAccount('issuer')
  for (const [place, credit] of accounts.entries()) {
    await tx.$executeRaw`
      INSERT INTO "Lot" ("id", "accountId", "granted", "remaining", "expiresAt")
      VALUES (gen_random_uuid(), ${credit}::uuid, ${amount}::bigint, ${amount}::bigint, ${expiresAt})`
    const key = keyOf(idem, place)
    await writeTransfer(tx, { idem: key, hash, kind: 'issue', debit, credit, amount, byMemberId, note })
  }
}

/**
 * A department's tokens to members and to its pool, as a part of the caller's transaction: to all of them, or to none.
 * Lots keep their expiry, the soonest go first.
 */
export async function distributeIn(tx: Transaction, order: DistributeOrder): Promise<Moved> {
  const { idem, departmentId, to, pool, byMemberId, note } = order
  // By their ids: whoever locks several members does so in one order. One after the other for each member.
  const shares = to.toSorted((a, b) => (a.memberId < b.memberId ? -1 : 1))
  const hash = requestHash(
    'distribute',
    departmentId,
    ...shares.flatMap(({ memberId, amount }) => [memberId, amount]),
    ...(pool === null ? [] : ['pool', pool]),
  )
  const from = await lockAccount(tx, { kind: 'department', id: departmentId })
  const moves: { credit: string; amount: bigint }[] = []
  for (const { memberId, amount } of shares)
    moves.push({ credit: await lockAccount(tx, { kind: 'member', id: memberId }), amount })
  if (pool !== null)
    moves.push({ credit: await lockAccount(tx, { kind: 'pool', id: departmentId }), amount: pool })
  for (const { amount } of moves) checkAmount(amount)
  if (await wasDone(tx, idem, hash)) return { ok: true }
  const needed = moves.reduce((sum, { amount }) => sum + amount, 0n)
  const available = await spendableOf(tx, from)
  if (available < needed) return { ok: false, available }
  for (const [place, { credit, amount }] of moves.entries()) {
    await moveLots(tx, soonestLots(from, amount), credit, amount)
    const key = keyOf(idem, place)
    await writeTransfer(tx, {
      idem: key,
      hash,
      kind: 'distribute',
      debit: from,
      credit,
      amount,
      byMemberId,
      note,
    })
  }
  return { ok: true }
}

/**
 * Tokens of a member or of the pool back to the department, as a part of the caller's transaction: the tokens that last
 * longest first.
 */
export async function revokeIn(tx: Transaction, order: RevokeOrder): Promise<Moved> {
  const { idem, departmentId, memberId, amount, byMemberId, note } = order
  checkAmount(amount)
  const hash = requestHash('revoke', departmentId, memberId ?? 'pool', amount)
  const credit = await lockAccount(tx, { kind: 'department', id: departmentId })
  const debit = await lockAccount(
    tx,
    memberId === null ? { kind: 'pool', id: departmentId } : { kind: 'member', id: memberId },
  )
  if (await wasDone(tx, idem, hash)) return { ok: true }
  const available = await spendableOf(tx, debit)
  if (available < amount) return { ok: false, available }
  await moveLots(tx, soonestLots(debit, amount, 'last'), credit, amount)
  await writeTransfer(tx, { idem, hash, kind: 'revoke', debit, credit, amount, byMemberId, note })
  return { ok: true }
}

/** The first transfer of an order has the order's own key; whether it was done is seen by that. */
const keyOf = (idem: string, place: number): string => (place === 0 ? idem : `${idem}:${place + 1}`)

async function spendableOf(tx: Transaction, accountId: string): Promise<bigint> {
  const [row] = await tx.$queryRaw<
    { spendable: bigint }[]
  >`SELECT spendable(${accountId}::uuid) AS "spendable"`
  return row?.spendable ?? 0n
}

/**
 * What is taken from lots arrives as lots of the same expiry.
 * @throws StudioError 'unavailable' when a lot has expired since it was counted; nothing of the order is done then.
 */
async function moveLots(tx: Transaction, lots: Prisma.Sql, to: string, amount: bigint): Promise<void> {
  const [row] = await tx.$queryRaw<{ taken: bigint }[]>`
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
    SELECT COALESCE(sum("amount"), 0)::bigint AS "taken" FROM "taken"`
  if (row?.taken !== amount)
    throw new StudioError('unavailable', 'Tokens expired in this very moment: ask again.')
}
