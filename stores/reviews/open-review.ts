/** Lays the pictures of a run before people, and tells them by mail. */
import {
  ImageRef,
  StudioError,
  type CollectionRef,
  type ManifestItem,
  type TaskRef,
} from '@defect-studio/nodes'
import { Prisma, type Database, type Transaction } from '@defect-studio/prisma'
import type { ArtifactStore } from '../artifacts/artifact-store.ts'
import { readCollection } from '../collections/collections.ts'
import { publishChange } from '../events/changes.ts'
import { mailLanguage } from '../mails/mail-language.ts'
import { queueMails } from '../mails/queue-mail.ts'
import { reviewWaits } from '../mails/texts/review-waits.ts'
import { retryTransaction } from '../retry-transaction.ts'
import { shareRun } from '../runs/share-run.ts'
import { askedMembers, findReviewers } from './asked-members.ts'

/** More than this nobody looks at one by one; the page shows them a hundred at a time. */
export const maxReviewItems = 5_000

export interface ReviewOrder {
  /** Which node of which run asks; asking again gives the same review. */
  task: Pick<TaskRef, 'runId' | 'nodeId'>
  collection: CollectionRef
  title: string
  question: string
  /** Login ids; empty: anybody of the department. */
  reviewers: readonly string[]
  publicUrl: string | null
}

/**
 * @throws StudioError 'invalid-input' when there are too many pictures, a reviewer does not exist, or the run has ended.
 */
export async function openReview(
  db: Database,
  artifacts: ArtifactStore,
  order: ReviewOrder,
): Promise<{ reviewId: string }> {
  if (order.collection.count > maxReviewItems)
    throw new StudioError(
      'invalid-input',
      `There are ${order.collection.count} pictures to review; one review has at most ${maxReviewItems}. Put a Limit before it.`,
    )
  const { items } = await readCollection(artifacts, order.collection)
  return retryTransaction(db, async (tx) => {
    const { runId, nodeId } = order.task
    const run = await shareRun(tx, runId)
    const before = await tx.review.findUnique({ where: { runId_nodeId: { runId, nodeId } } })
    if (before) return { reviewId: before.id }
    if (run.ended) throw new StudioError('invalid-input', `Run ${runId} has ended: it asks nobody any more.`)
    const { ownerId, departmentId } = run
    const review = await tx.review.create({
      data: {
        runId,
        nodeId,
        ownerId,
        departmentId,
        title: order.title,
        question: order.question,
        reviewerIds: await findReviewers(tx, departmentId, order.reviewers),
      },
    })
    await tx.reviewItem.createMany({ data: items.map((item, place) => itemRow(review.id, item, place)) })
    await writeMails(tx, review, order.publicUrl, 0)
    await publishChange(tx, { topic: 'reviews', departmentId })
    return { reviewId: review.id }
  })
}

function itemRow(reviewId: string, { name, value, made }: ManifestItem, place: number) {
  const image = ImageRef.safeParse(value)
  if (!image.success)
    throw new StudioError('invalid-input', `"${name}" is no picture: it cannot be reviewed.`)
  return { reviewId, index: place, name, image: image.data, made: made ?? Prisma.DbNull }
}

interface Asking {
  id: string
  runId: string
  departmentId: string
  reviewerIds: readonly string[]
  title: string
  question: string
}

/** @param round 0 tells all who are asked; a reminder goes to those who have decided nothing yet, or else to all. */
export async function writeMails(
  tx: Transaction,
  review: Asking,
  publicUrl: string | null,
  round: number,
): Promise<void> {
  const run = await tx.run.findUniqueOrThrow({ where: { id: review.runId }, select: { graphName: true } })
  const decisions = await tx.reviewItem.groupBy({
    by: ['decidedById'],
    where: { reviewId: review.id },
    _count: { _all: true },
  })
  const undecided = decisions.find(({ decidedById }) => decidedById === null)?._count._all ?? 0
  const asked = await askedMembers(tx, review)
  const idle = asked.filter(({ id }) => !decisions.some(({ decidedById }) => decidedById === id))
  const { id: reviewId, title, question } = review
  const page = publicUrl === null ? null : new URL(`/reviews/${reviewId}`, publicUrl).href
  const facts = { title, question, graphName: run.graphName, undecided, isReminder: round > 0, page }
  await queueMails(
    tx,
    (idle.length > 0 ? idle : asked).map(({ id, name, email, ...member }) => {
      const language = mailLanguage(member.language)
      return {
        key: `review-${reviewId}-${id}${round === 0 ? '' : `-${round}`}`,
        to: { name, address: email },
        language,
        ...reviewWaits(language, { ...facts, name }),
      }
    }),
  )
}
