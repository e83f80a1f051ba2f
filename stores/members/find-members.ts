/** Finds members for whoever administers them, newest first. */
import type { Database, Department, Member, Prisma, Role } from '@defect-studio/prisma'

export const memberStates = ['active', 'guest', 'disabled', 'deleted'] as const
export type MemberState = (typeof memberStates)[number]

export interface MemberFilter {
  /** In the login id, the name, the nickname or the e-mail address. */
  search?: string | undefined
  role?: Role | undefined
  departmentId?: string | undefined
  /** Without it: everybody who has not been deleted. */
  state?: MemberState | undefined
}

export type FoundMember = Member & { department: Department; sessions: { lastUsedAt: Date }[] }

export const withDepartment = {
  department: true,
  // When they were last here.
  sessions: { orderBy: { lastUsedAt: 'desc' }, take: 1, select: { lastUsedAt: true } },
} as const satisfies Prisma.MemberInclude

/** @param within what the caller may see at all. @returns `limit` members at most, after `cursor`. */
export function findMembers(
  db: Database,
  within: Prisma.MemberWhereInput,
  filter: MemberFilter & { cursor?: string | undefined; limit: number },
): Promise<FoundMember[]> {
  const { search, role, departmentId, state, cursor, limit } = filter
  // Prisma hands % and _ on as they are: what people type means itself.
  const words = (search ?? '').replace(/[\\%_]/g, '\\$&')
  const contains = { contains: words, mode: 'insensitive' } as const
  return db.member.findMany({
    where: {
      AND: [
        within,
        state ? inState[state] : { deletedAt: null },
        role ? { role } : {},
        departmentId ? { departmentId } : {},
        search
          ? { OR: [{ loginId: contains }, { name: contains }, { nickname: contains }, { email: contains }] }
          : {},
        // Ids are made in the order of time.
        cursor ? { id: { lt: cursor } } : {},
      ],
    },
    include: withDepartment,
    orderBy: { id: 'desc' },
    take: limit,
  })
}

const inState: Record<MemberState, Prisma.MemberWhereInput> = {
  active: { role: { not: 'guest' }, disabledAt: null, deletedAt: null },
  guest: { role: 'guest', disabledAt: null, deletedAt: null },
  disabled: { disabledAt: { not: null }, deletedAt: null },
  deleted: { deletedAt: { not: null } },
}

export function memberState(member: Pick<Member, 'role' | 'disabledAt' | 'deletedAt'>): MemberState {
  if (member.deletedAt) return 'deleted'
  if (member.disabledAt) return 'disabled'
  return member.role === 'guest' ? 'guest' : 'active'
}
