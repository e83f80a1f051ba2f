/** Whose reviews a member sees, and how they are described. */
import { isFinal } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'
import { notFound } from '../problem.ts'
import type { Review } from '../shapes/review.ts'
import type { Studio } from '../studio.ts'

/** Of the own department: those that one was asked about, the own runs', and every one for an administrator. */
export function readableReviews(caller: Caller): Prisma.ReviewWhereInput {
  const { memberId, departmentId, role } = caller
  return {
    departmentId,
    ...(may(role, 'manage-department-runs') ? {} : { OR: [...askedOf(memberId), { ownerId: memberId }] }),
  }
}

/** Those that wait for this member's decision. */
export function waitingReviews({ memberId, departmentId }: Caller): Prisma.ReviewWhereInput {
  return { ...openReviews, departmentId, OR: askedOf(memberId) }
}

const askedOf = (memberId: string) => [{ reviewerIds: { isEmpty: true } }, { reviewerIds: { has: memberId } }]

export const openReviews = {
  decidedAt: null,
  closedAt: null,
  run: { status: { in: ['queued', 'running'] } },
} satisfies Prisma.ReviewWhereInput

const withRun = {
  run: { select: { graphName: true, status: true, owner: { select: { nickname: true } } } },
} satisfies Prisma.ReviewInclude
export type ReviewRow = Prisma.ReviewGetPayload<{ include: typeof withRun }>
export const reviewInclude = withRun

/** @throws ProblemError 'not-found' also for what the caller may not see. */
export async function findReview({ db }: Pick<Studio, 'db'>, caller: Caller, id: string): Promise<ReviewRow> {
  const row = await db.review.findFirst({
    where: { AND: [readableReviews(caller), { id }] },
    include: withRun,
  })
  if (!row) throw notFound('review')
  return row
}

export const wasAsked = (row: Pick<ReviewRow, 'reviewerIds' | 'departmentId'>, caller: Caller): boolean =>
  row.departmentId === caller.departmentId &&
  (row.reviewerIds.length === 0 || row.reviewerIds.includes(caller.memberId))

/** Counts and names of all of them are read at once. */
export async function describeReviews(
  { db }: Pick<Studio, 'db'>,
  caller: Caller,
  rows: readonly ReviewRow[],
): Promise<Review[]> {
  const counts = await db.reviewItem.groupBy({
    by: ['reviewId', 'accepted'],
    where: { reviewId: { in: rows.map(({ id }) => id) } },
    _count: { _all: true },
  })
  const reviewers = await db.member.findMany({
    where: { id: { in: rows.flatMap(({ reviewerIds }) => reviewerIds) } },
    select: { id: true, nickname: true },
  })
  return rows.map((row) => {
    const count = (accepted: boolean | null) =>
      counts.find((one) => one.reviewId === row.id && one.accepted === accepted)?._count._all ?? 0
    const [accepted, rejected, undecided] = [count(true), count(false), count(null)]
    const isOpen = !row.decidedAt && !row.closedAt && !isFinal(row.run.status)
    return {
      id: row.id,
      runId: row.runId,
      nodeId: row.nodeId,
      graphName: row.run.graphName,
      title: row.title,
      question: row.question,
      ownerNickname: row.run.owner.nickname,
      reviewers: reviewers.filter(({ id }) => row.reviewerIds.includes(id)).map(({ nickname }) => nickname),
      state: row.decidedAt ? 'decided' : isOpen ? 'open' : 'closed',
      total: accepted + rejected + undecided,
      accepted,
      rejected,
      undecided,
      mayDecide: isOpen && wasAsked(row, caller),
      createdAt: row.createdAt.toISOString(),
      decidedAt: row.decidedAt?.toISOString() ?? null,
    }
  })
}
