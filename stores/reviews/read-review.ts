/** Hands the run what people decided, and reminds them while they have not. */
import { ImageRef, Made, StudioError, type CollectionRef, type TaskRef } from '@defect-studio/nodes'
import type { Database } from '@defect-studio/prisma'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { registerArtifacts } from '../artifacts/register-artifact.ts'
import { createCollection } from '../collections/collections.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { writeMails } from './open-review.ts'

export interface ReviewResult {
  accepted: CollectionRef | null
  rejected: CollectionRef | null
}

/** @returns null while it is not decided. Items keep the place that they had, with gaps where others went the other way. */
export async function readReview(
  db: Database,
  artifacts: ArtifactStore,
  task: Pick<TaskRef, 'runId'>,
  reviewId: string,
): Promise<ReviewResult | null> {
  const review = await reviewOf(db, task, reviewId)
  if (!review.decidedAt) return null
  const rows = await db.reviewItem.findMany({ where: { reviewId }, orderBy: { index: 'asc' } })
  const reader = { memberId: review.ownerId, departmentId: review.departmentId }
  const listOf = async (accepted: boolean): Promise<CollectionRef | null> => {
    const chosen = rows.filter((row) => row.accepted === accepted)
    if (chosen.length === 0) return null
    const collection = await createCollection(
      artifacts,
      chosen.map(({ index, name, image, made }) => ({
        name,
        value: ImageRef.parse(image),
        index,
        ...(made === null ? {} : { made: Made.parse(made) }),
      })),
    )
    const { key, mediaType, bytes } = collection
    await registerArtifacts(db, [{ key, mediaType, bytes, width: null, height: null }], reader)
    return collection
  }
  return { accepted: await listOf(true), rejected: await listOf(false) }
}

/** Writes one mail for each round and member; asked again, or after the decision, it writes none. */
export async function remindReviewers(
  db: Database,
  task: Pick<TaskRef, 'runId'>,
  order: { reviewId: string; round: number; publicUrl: string | null },
): Promise<void> {
  await retryTransaction(db, async (tx) => {
    const review = await reviewOf(tx, task, order.reviewId)
    if (review.decidedAt || review.closedAt) return
    await writeMails(tx, review, order.publicUrl, order.round)
  })
}

async function reviewOf(db: Pick<Database, 'review'>, task: Pick<TaskRef, 'runId'>, reviewId: string) {
  const review = await db.review.findFirst({ where: { id: reviewId, runId: task.runId } })
  if (!review) throw new StudioError('invalid-input', `Run ${task.runId} has no review ${reviewId}.`)
  return review
}
