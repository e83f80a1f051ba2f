/** Tokens stay with the department that gave them: what a member has left goes back when the member goes. */
import type { Transaction } from '@defect-studio/prisma'
import { revokeIn } from '../ledger/give-tokens.ts'
import { lockAccount } from '../ledger/lock-account.ts'

/**
 * Takes back to the department whatever the member has neither spent nor held. What runs hold stays until they end, and
 * what they do not use then stays with the member: an administrator may take it back by hand.
 * @param idem names the move: the same one again takes nothing more.
 * @returns micro-tokens that went back.
 */
export async function returnTokens(
  tx: Transaction,
  order: { idem: string; departmentId: string; memberId: string; byMemberId: string | null; note: string },
): Promise<bigint> {
  const { departmentId, memberId } = order
  await lockAccount(tx, { kind: 'department', id: departmentId })
  const accountId = await lockAccount(tx, { kind: 'member', id: memberId })
  const [row] = await tx.$queryRaw<{ amount: bigint }[]>`
    SELECT COALESCE(sum("remaining" - "held"), 0)::bigint AS "amount" FROM "Lot"
    WHERE "accountId" = ${accountId}::uuid AND ("expiresAt" IS NULL OR "expiresAt" > statement_timestamp())`
  const amount = row?.amount ?? 0n
  if (amount <= 0n) return 0n
  const taken = await revokeIn(tx, { ...order, amount })
  return taken.ok ? amount : 0n
}
