/** Reviews as the API shows them: who asks, what, and what was decided about each picture. */
import { Made } from '@defect-studio/nodes'
import { z } from 'zod'
import { PictureLink } from './artifact.ts'

export const reviewStates = ['open', 'decided', 'closed'] as const

export const Review = z
  .object({
    id: z.string(),
    runId: z.string(),
    nodeId: z.string(),
    graphName: z.string(),
    title: z.string(),
    question: z.string(),
    ownerNickname: z.string(),
    reviewers: z
      .array(z.string())
      .meta({ description: 'Nicknames of those who were asked; empty: anybody of the department.' }),
    state: z.enum(reviewStates).meta({
      description: '`closed`: the run ended before everything was decided.',
    }),
    total: z.int(),
    accepted: z.int(),
    rejected: z.int(),
    undecided: z.int(),
    mayDecide: z.boolean().meta({ description: 'Whether you were asked and can still answer.' }),
    createdAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Review' })
export type Review = z.infer<typeof Review>

export const ReviewItem = z
  .object({
    index: z.int(),
    name: z.string(),
    image: PictureLink,
    made: Made.nullable(),
    accepted: z.boolean().nullable().meta({ description: 'Null: nobody has decided yet.' }),
    comment: z.string().nullable(),
    decidedBy: z.string().nullable().meta({ description: 'Nickname of whoever had the last word.' }),
    decidedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'ReviewItem' })

export const ReviewDecision = z.object({
  indexes: z.array(z.int().min(0)).min(1).max(500).meta({ description: 'Places of the pictures.' }),
  accepted: z.boolean(),
  comment: z.string().trim().max(1000).optional().meta({ description: 'Absent: the one before stays.' }),
})

export const ReviewClosing = z.object({
  undecided: z
    .enum(['accept', 'reject', 'refuse'])
    .default('refuse')
    .meta({ description: 'What becomes of pictures that nobody has decided about.' }),
})
