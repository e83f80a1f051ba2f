/** The token ledger on PostgreSQL: each order is one statement or one short transaction, run again when the database asks for it. */
import type { Database } from '@defect-studio/prisma'
import { retryPassing, retryTransaction } from '../retry-transaction.ts'
import { checkInvariants } from './check-invariants.ts'
import { expireLots } from './expire-lots.ts'
import { distributeIn, issueIn, revokeIn } from './give-tokens.ts'
import { holdIn } from './hold-tokens.ts'
import type { Balance, Ledger } from './ledger.ts'
import type { Holder } from './lock-account.ts'
import { refundIn } from './refund-capture.ts'
import { captureIn, releaseIn } from './resolve-hold.ts'

export function createLedger(db: Database): Ledger {
  return {
    issue: ({ departmentId, ...order }) =>
      retryTransaction(db, (tx) => issueIn(tx, { ...order, departmentIds: [departmentId] })),
    distribute: ({ memberId, amount, ...order }) =>
      retryTransaction(db, (tx) => distributeIn(tx, { ...order, to: [{ memberId, amount }], pool: null })),
    distributeAll: (order) => retryTransaction(db, (tx) => distributeIn(tx, order)),
    revoke: (order) => retryTransaction(db, (tx) => revokeIn(tx, order)),
    hold: (order) => retryPassing(() => holdIn(db, order)),
    async capture(order) {
      await retryPassing(() => captureIn(db, order))
    },
    async release(order) {
      await retryPassing(() => releaseIn(db, order))
    },
    refund: (order) => retryTransaction(db, (tx) => refundIn(tx, order)),
    balanceOf: (holder) => readBalance(db, holder),
    async fundsOf({ memberId, departmentId }) {
      const own = await readBalance(db, { kind: 'member', id: memberId })
      const pool = await readBalance(db, { kind: 'pool', id: departmentId })
      return { own, pool, available: own.available + pool.available }
    },
    expire: () => expireLots(db),
    checkInvariants: () => checkInvariants(db),
  }
}

/** What has expired no longer counts, also before the next sweep has moved it. */
async function readBalance(db: Database, holder: Holder): Promise<Balance> {
  const [row] = await db.$queryRaw<{ posted: bigint; pending: bigint }[]>`
    SELECT "pending", ("posted" - COALESCE((
        SELECT sum("remaining" - "held") FROM "Lot"
        WHERE "accountId" = "Account"."id" AND "expiresAt" <= now()
      ), 0))::bigint AS "posted"
    FROM "Account" WHERE "kind" = ${holder.kind}::"AccountKind" AND "holderId" = ${holder.id}::uuid`
  const { posted, pending } = row ?? { posted: 0n, pending: 0n }
  return { posted, pending, available: posted - pending }
}
