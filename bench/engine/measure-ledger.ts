/** How many pairs of hold and settlement one hot account bears, and whether the books balance afterwards. */
import { randomUUID } from 'node:crypto'
import { createDatabase } from '@defect-studio/prisma'
import { createLedger, microPerToken } from '@defect-studio/stores'

export interface LedgerRates {
  /** Pairs of hold and capture a second. */
  pairs_per_s: number
  pairs: number
  /** Lines of the invariant check, and pairs that the account's balance does not show: both have to be 0. */
  broken: number
}

const clients = 8

/** @param databaseUrl of the studio's own database; the member is one of its rows. */
export async function measureLedger(
  databaseUrl: string,
  account: { memberId: string; departmentId: string },
  seconds: number,
): Promise<LedgerRates> {
  const db = createDatabase(databaseUrl, { connections: clients })
  const ledger = createLedger(db)
  const { memberId, departmentId } = account
  const amount = 200_000n * microPerToken
  await ledger.issue({
    idem: `bench:${randomUUID()}`,
    departmentId,
    amount,
    expiresAt: null,
    byMemberId: null,
  })
  await ledger.distribute({ idem: `bench:${randomUUID()}`, departmentId, memberId, amount, byMemberId: null })
  const before = await ledger.balanceOf({ kind: 'member', id: memberId })
  let pairs = 0
  const pair = async () => {
    const runId = randomUUID()
    const held = await ledger.hold({
      idem: `hold:${runId}`,
      memberId,
      amount: microPerToken,
      runId,
      nodeId: 'bench',
    })
    if (!held.ok) throw new Error('The account of the bench has run dry.')
    await ledger.capture({ holdId: held.holdId, amount: microPerToken })
  }
  // Connections are opened, and plans made, before the clock runs.
  await Promise.all(Array.from({ length: clients }, pair))
  const began = performance.now()
  const until = began + seconds * 1000
  await Promise.all(
    Array.from({ length: clients }, async () => {
      while (performance.now() < until) {
        await pair()
        pairs += 1
      }
    }),
  )
  const took = (performance.now() - began) / 1000
  const after = await ledger.balanceOf({ kind: 'member', id: memberId })
  const missing = before.posted - after.posted - BigInt(pairs + clients) * microPerToken
  const broken =
    (await ledger.checkInvariants()).length + (missing === 0n ? 0 : 1) + (after.pending === 0n ? 0 : 1)
  await db.$disconnect()
  return { pairs_per_s: pairs / took, pairs, broken }
}
