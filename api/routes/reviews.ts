/** Reviews: runs wait here for people to accept or reject their pictures. */
import { ImageRef, Made } from '@defect-studio/nodes'
import { closeReview, decideItems, type DecisionEnd } from '@defect-studio/stores'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { ProblemError } from '../problem.ts'
import {
  describeReviews,
  findReview,
  openReviews,
  readableReviews,
  reviewInclude,
  type ReviewRow,
  waitingReviews,
  wasAsked,
} from '../reviews/describe-reviews.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { Review, ReviewClosing, ReviewDecision, ReviewItem } from '../shapes/review.ts'
import type { Studio } from '../studio.ts'

const tag = 'reviews'

export const listReviews = defineRoute({
  operationId: 'listReviews',
  method: 'get',
  path: '/reviews',
  tag,
  summary: 'Reviews of your department that you were asked about or whose run is yours, newest first',
  auth: 'use-studio',
  query: PageQuery.extend({
    state: z.enum(['waiting', 'open', 'all']).default('waiting').meta({
      description: '`waiting`: open and you were asked. `open`: nobody has finished yet.',
    }),
  }),
  response: pageOf(Review).extend({
    waiting: z.int().meta({ description: 'How many wait for you in all.' }),
  }),
  async handler({ studio, caller, query }) {
    const { db } = studio
    const which = { waiting: waitingReviews(caller), open: openReviews, all: {} }[query.state]
    const rows = await db.review.findMany({
      where: { AND: [readableReviews(caller), which] },
      include: reviewInclude,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    const page = toPage(rows, query.limit, (row) => row)
    const items = await describeReviews(studio, caller, page.items)
    return { ...page, items, waiting: await db.review.count({ where: waitingReviews(caller) }) }
  },
})

export const readReview = defineRoute({
  operationId: 'readReview',
  method: 'get',
  path: '/reviews/:id',
  tag,
  summary: 'One review: what is asked, and how far it is',
  auth: 'use-studio',
  params: IdParams,
  response: Review,
  async handler({ studio, caller, params }) {
    return describe(studio, caller, await findReview(studio, caller, params.id))
  },
})

export const listReviewItems = defineRoute({
  operationId: 'listReviewItems',
  method: 'get',
  path: '/reviews/:id/items',
  tag,
  summary: 'Pictures of a review in their order, with what was decided about them',
  auth: 'use-studio',
  params: IdParams,
  query: z.object({
    from: z.coerce.number().int().min(0).default(0).meta({ description: 'The first place.' }),
    limit: z.coerce.number().int().min(1).max(200).default(100),
  }),
  response: z.object({ items: z.array(ReviewItem) }),
  async handler({ studio, caller, params, query }) {
    const review = await findReview(studio, caller, params.id)
    const rows = await studio.db.reviewItem.findMany({
      where: { reviewId: review.id, index: { gte: query.from } },
      orderBy: { index: 'asc' },
      take: query.limit,
    })
    const deciders = new Map(
      (
        await studio.db.member.findMany({
          where: { id: { in: rows.flatMap(({ decidedById }) => decidedById ?? []) } },
          select: { id: true, nickname: true },
        })
      ).map(({ id, nickname }) => [id, nickname]),
    )
    return {
      items: rows.map(({ index, name, image, made, accepted, comment, decidedById, decidedAt }) => ({
        index,
        name,
        image: studio.links.picture(ImageRef.parse(image)),
        made: made === null ? null : Made.parse(made),
        accepted,
        comment,
        decidedBy: decidedById === null ? null : (deciders.get(decidedById) ?? null),
        decidedAt: decidedAt?.toISOString() ?? null,
      })),
    }
  },
})

export const decideReview = defineRoute({
  operationId: 'decideReview',
  method: 'post',
  path: '/reviews/:id/decisions',
  tag,
  summary: 'Accept or reject pictures; the last word counts, and the last picture lets the run go on',
  auth: 'use-studio',
  params: IdParams,
  body: ReviewDecision,
  response: Review,
  async handler({ studio, caller, params, body }) {
    const review = await findReview(studio, caller, params.id)
    if (!wasAsked(review, caller)) throw notAsked()
    const end = await decideItems(studio.db, review.id, {
      indexes: [...new Set(body.indexes)],
      accepted: body.accepted,
      comment: body.comment ?? null,
      memberId: caller.memberId,
    })
    return answer(studio, caller, review, end)
  },
})

export const closeReviewRoute = defineRoute({
  operationId: 'closeReview',
  method: 'post',
  path: '/reviews/:id/close',
  tag,
  summary: 'End a review: say what becomes of the pictures that nobody has decided about',
  auth: 'use-studio',
  params: IdParams,
  body: ReviewClosing,
  response: Review,
  async handler({ studio, caller, params, body }) {
    const review = await findReview(studio, caller, params.id)
    if (!wasAsked(review, caller) && !may(caller.role, 'manage-department-runs')) throw notAsked()
    const { undecided } = body
    const end = await closeReview(studio.db, review.id, { undecided, memberId: caller.memberId })
    return answer(studio, caller, review, end)
  },
})

async function answer(studio: Studio, caller: Caller, row: ReviewRow, end: DecisionEnd) {
  if (end.kind === 'closed')
    throw new ProblemError('review-closed', 'This review is over: what was decided stays.', {
      remedy: 'Run the graph again to have its pictures reviewed anew.',
    })
  if (end.kind === 'undecided')
    throw new ProblemError('review-undecided', `Nobody has decided about ${end.undecided} pictures.`, {
      remedy: 'Decide about them, or say whether the rest is accepted or rejected.',
    })
  if (end.kind === 'unknown-items')
    throw new ProblemError('invalid-request', `This review has no picture ${end.indexes.join(', ')}.`, {
      remedy: 'Name places that GET /reviews/:id/items lists.',
    })
  if (end.decided) studio.reviewTeller.wake()
  return describe(studio, caller, await findReview(studio, caller, row.id))
}

async function describe(studio: Studio, caller: Caller, row: ReviewRow) {
  const [review] = await describeReviews(studio, caller, [row])
  if (!review) throw new Error('A review that was found is not described.')
  return review
}

const notAsked = () =>
  new ProblemError('not-allowed', 'Others were asked about these pictures.', {
    remedy: 'Ask whoever started the run to name you as a reviewer.',
  })
