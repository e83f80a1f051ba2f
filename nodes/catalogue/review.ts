/** The run waits, for days if need be, until people have looked at the pictures. */
import { z } from 'zod'
import { defineNode } from '../define-node.ts'
import { StudioError } from '../failures.ts'
import { readNames } from '../read-names.ts'
import { runsOnWholes } from '../whole-node.ts'

export const review = defineNode({
  type: 'review',
  version: 1,
  title: 'Review',
  description: 'Waits until people have accepted or rejected every picture on the page Reviews.',
  category: 'control',
  kind: 'whole',
  cacheable: false,
  inputs: { image: { type: 'image' } },
  outputs: {
    accepted: { type: 'image', sometimes: true, title: 'Accepted' },
    rejected: { type: 'image', sometimes: true, title: 'Rejected' },
  },
  params: z.object({
    title: z.string().trim().min(1).max(100).default('Review').meta({ title: 'Title' }),
    question: z.string().trim().max(1000).default('Can this picture be used?').meta({
      title: 'Question',
      widget: 'textarea',
      help: 'What whoever looks at the pictures should decide.',
    }),
    reviewers: z.string().max(1000).default('').meta({
      title: 'Reviewers',
      help: 'Login ids, with commas between them. Empty: anybody of the department.',
    }),
    remindEveryHours: z.int().min(1).max(168).default(24).meta({
      title: 'Reminder after hours',
      help: 'Whoever was asked and has not finished gets a mail each time so many hours have passed.',
    }),
  }),
  price: () => 0,
  run: runsOnWholes,
  async runWhole({ inputs, params, activities, waitForReview }) {
    if (!inputs.image) return { accepted: null, rejected: null }
    const { title, question, remindEveryHours } = params
    const reviewers = readNames(params.reviewers)
    const { reviewId } = await activities.openReview({
      collection: inputs.image,
      title,
      question,
      reviewers,
    })
    // A run that begins again after its history was lost finds what was decided meanwhile.
    const already = await activities.readReview({ reviewId })
    if (already) return already
    await waitForReview(reviewId, remindEveryHours, (round) =>
      activities.remindReviewers({ reviewId, round }),
    )
    const decided = await activities.readReview({ reviewId })
    if (!decided) throw new StudioError('internal', 'The run was told of a review that is not decided.')
    return decided
  },
})
