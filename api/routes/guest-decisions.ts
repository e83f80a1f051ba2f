/** Approving and rejecting people who have signed up, many at once. */
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { describeProblem } from '../problem.ts'
import { toProblem } from '../error-middleware.ts'
import { decideGuest } from '../members/decide-guest.ts'
import { GivenRole } from '../shapes/managed-member.ts'

const reason = z
  .string()
  .trim()
  .max(300)
  .optional()
  .meta({ description: 'It stands in the mail to the guest.' })

const GuestDecision = z.discriminatedUnion('approve', [
  z.object({
    memberId: z.uuid(),
    approve: z.literal(true),
    role: GivenRole.default('department_member'),
    departmentId: z.uuid().optional().meta({ description: 'The one that the guest named, without it.' }),
    reason,
  }),
  z.object({ memberId: z.uuid(), approve: z.literal(false), reason }),
])

const GuestAnswer = z
  .object({
    memberId: z.uuid(),
    outcome: z.enum(['approved', 'rejected', 'already-approved', 'already-rejected', 'refused']),
    code: z.string().optional().meta({ description: 'Of the problem, when refused.' }),
    message: z.string().optional(),
  })
  .meta({ id: 'GuestAnswer' })

export const decideGuests = defineRoute({
  operationId: 'decideGuests',
  method: 'post',
  path: '/members/decisions',
  tag: 'members',
  summary: 'Approve guests with a role, or reject them: one answer for each',
  description:
    'Each is decided by itself: what is refused of one does not hold up the others. The guest hears of it by mail, once. Sent again, the same decisions change nothing.',
  auth: 'manage-members',
  body: z.object({ decisions: z.array(GuestDecision).min(1).max(200) }),
  response: z.object({ items: z.array(GuestAnswer) }),
  async handler({ studio, caller, body, audit, request }) {
    const items: z.input<typeof GuestAnswer>[] = []
    for (const decision of body.decisions) {
      const { memberId } = decision
      try {
        items.push({ memberId, outcome: await decideGuest(studio.db, { caller, audit }, decision) })
      } catch (error) {
        const { status, code, detail } = describeProblem(toProblem(error))
        if (status >= 500) {
          request.log.error({ err: error }, 'a guest could not be decided')
          if (items.length === 0) throw error
        }
        items.push({ memberId, outcome: 'refused', code, ...(detail ? { message: detail } : {}) })
        await audit.within(studio.db, {
          action: decision.approve ? 'members.approve' : 'members.reject',
          object: { kind: 'member', id: memberId },
          outcome: 'refused',
          details: { reason: code },
        })
      }
    }
    return { items }
  },
})
