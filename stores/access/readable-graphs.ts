/** Which saved graphs a member may read and run: the own ones, and what others share. */
import type { Prisma } from '@defect-studio/prisma'
import type { Reader } from '../artifacts/register-artifact.ts'

/** A reader whose API key is bound to some graphs sees those alone. */
export interface GraphReader extends Reader {
  graphIds?: readonly string[] | undefined
}

export function readableGraphs({ memberId, departmentId, graphIds }: GraphReader): Prisma.GraphWhereInput {
  return {
    deletedAt: null,
    ...(graphIds && graphIds.length > 0 ? { AND: { id: { in: [...graphIds] } } } : {}),
    OR: [{ ownerId: memberId }, { visibility: 'department', departmentId }, { visibility: 'everyone' }],
  }
}
