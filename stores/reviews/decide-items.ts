/** Writes down what people decide. The last word about a picture counts until every picture has one. */
import type { Database, Transaction } from '@defect-studio/prisma'
import { publishChange } from '../events/changes.ts'
import { retryTransaction } from '../retry-transaction.ts'

export interface Decision {
  /** Places of the pictures in the review. */
  indexes: readonly number[]
  accepted: boolean
  /** Null keeps the comment that is there. */
  comment: string | null
  memberId: string
}

/** What becomes of pictures that nobody has decided about when a review is closed. */
export type Undecided = 'accept' | 'reject' | 'refuse'

export type DecisionEnd =
  | { kind: 'written'; undecided: number; decided: boolean }
  /** It was decided or closed before, or its run has ended. */
  | { kind: 'closed' }
  /** Closing was refused since so many are undecided. */
  | { kind: 'undecided'; undecided: number }
  /** Places that the review does not have. */
  | { kind: 'unknown-items'; indexes: number[] }

export async function decideItems(db: Database, reviewId: string, decision: Decision): Promise<DecisionEnd> {
  const { indexes, accepted, comment, memberId } = decision
  return retryTransaction(db, async (tx) => {
    if (!(await lockOpenReview(tx, reviewId))) return { kind: 'closed' }
    const where = { reviewId, index: { in: [...indexes] } }
    const known = await tx.reviewItem.findMany({ where, select: { index: true } })
    const unknown = indexes.filter((index) => !known.some((item) => item.index === index))
    if (unknown.length > 0) return { kind: 'unknown-items', indexes: unknown }
    await tx.reviewItem.updateMany({
      where,
      data: {
        accepted,
        decidedById: memberId,
        decidedAt: new Date(),
        ...(comment === null ? {} : { comment }),
      },
    })
    return finish(tx, reviewId)
  })
}

export async function closeReview(
  db: Database,
  reviewId: string,
  { undecided, memberId }: { undecided: Undecided; memberId: string },
): Promise<DecisionEnd> {
  return retryTransaction(db, async (tx) => {
    if (!(await lockOpenReview(tx, reviewId))) return { kind: 'closed' }
    const where = { reviewId, accepted: null }
    const open = await tx.reviewItem.count({ where })
    if (undecided === 'refuse') return { kind: 'undecided', undecided: open }
    await tx.reviewItem.updateMany({
      where,
      data: { accepted: undecided === 'accept', decidedById: memberId, decidedAt: new Date() },
    })
    return finish(tx, reviewId)
  })
}

/** Holds the review so that of two last decisions one comes after the other. @returns whether it is open. */
async function lockOpenReview(tx: Transaction, reviewId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT 1
    FROM "Review" review JOIN "Run" run ON run."id" = review."runId"
    WHERE review."id" = ${reviewId}::uuid AND review."decidedAt" IS NULL AND review."closedAt" IS NULL
      AND run."status" IN ('queued', 'running')
    FOR NO KEY UPDATE OF review`
  return rows.length > 0
}

/** In the same transaction as the last decision: the review is decided, and what has to tell the run finds it. */
async function finish(tx: Transaction, reviewId: string): Promise<DecisionEnd> {
  const undecided = await tx.reviewItem.count({ where: { reviewId, accepted: null } })
  if (undecided === 0) {
    const now = new Date()
    const { departmentId } = await tx.review.update({
      where: { id: reviewId },
      data: { decidedAt: now, closedAt: now },
    })
    await publishChange(tx, { topic: 'reviews', departmentId })
  }
  return { kind: 'written', undecided, decided: undecided === 0 }
}

/** Nobody waits for a review whose run has ended. @returns how many were closed. */
export async function closeReviewsOfEndedRuns(db: Database): Promise<number> {
  return db.$executeRaw`
    UPDATE "Review" review SET "closedAt" = now()
    FROM "Run" run
    WHERE run."id" = review."runId" AND review."closedAt" IS NULL AND review."decidedAt" IS NULL
      AND run."status" IN ('succeeded', 'failed', 'cancelled')`
}
