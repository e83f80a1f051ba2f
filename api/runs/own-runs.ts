/** Which runs a caller sees: the own ones, and with a key that is bound to some graphs those of these graphs alone. */
import type { Prisma } from '@defect-studio/prisma'
import type { Caller } from '../auth/caller.ts'

export const ownRuns = ({ memberId, graphIds }: Caller): Prisma.RunWhereInput => ({
  ownerId: memberId,
  ...(graphIds ? { AND: { graphId: { in: [...graphIds] } } } : {}),
})
