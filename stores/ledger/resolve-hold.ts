/** Ends a hold, once: charges a part of it or nothing, and gives the rest back to the lots it came from. */
import { StudioError } from '@defect-studio/nodes'
import type { Database, Transaction } from '@defect-studio/prisma'
import { requestHash } from './request-hash.ts'

interface Resolved {
  outcome: 'done' | 'before' | 'missing' | 'too-much'
  earlier: 'capture' | 'release' | null
  /** Of the earlier resolution, or of the hold. */
  amount: bigint | null
}

/**
 * What `Ledger.capture` does, in one statement: alone, or as a part of the caller's transaction.
 * @throws StudioError 'invalid-input' when the hold was released, captured with another amount, or is smaller.
 */
export async function captureIn(
  db: Database | Transaction,
  order: { holdId: string; amount: bigint },
): Promise<'captured' | 'captured-before'> {
  const { holdId, amount } = order
  if (amount < 0n) throw new StudioError('invalid-input', `${amount} micro-tokens cannot be charged.`)
  const { outcome, earlier, amount: there } = await resolve(db, holdId, 'capture', amount)
  if (outcome === 'done') return 'captured'
  if (outcome === 'too-much')
    throw new StudioError(
      'invalid-input',
      `Hold ${holdId} has ${there} micro-tokens: ${amount} cannot be charged.`,
    )
  if (earlier === 'release')
    throw new StudioError('invalid-input', `Hold ${holdId} was given back: it can no longer be charged.`)
  if (there !== amount)
    throw new StudioError('invalid-input', `Hold ${holdId} was charged ${there} before, not ${amount}.`)
  return 'captured-before'
}

/** What `Ledger.release` does; says what it found. */
export async function releaseIn(
  db: Database | Transaction,
  order: { holdId: string },
): Promise<'released' | 'released-before' | 'captured-before'> {
  const { outcome, earlier } = await resolve(db, order.holdId, 'release', 0n)
  if (outcome === 'done') return 'released'
  return earlier === 'release' ? 'released-before' : 'captured-before'
}

async function resolve(
  db: Database | Transaction,
  holdId: string,
  how: 'capture' | 'release',
  charge: bigint,
): Promise<Resolved> {
  const [row] = await db.$queryRaw<Resolved[]>`
    SELECT "outcome", "earlier"::text AS "earlier", "amount"
    FROM resolve_hold(${holdId}::uuid, ${how}::"TransferKind", ${charge}::bigint, ${requestHash(how, holdId, charge)})`
  if (!row || row.outcome === 'missing') throw new StudioError('invalid-input', `There is no hold ${holdId}.`)
  return row
}
