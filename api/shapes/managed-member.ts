/** A member as administrators see one. */
import { type FoundMember, memberState, memberStates } from '@defect-studio/stores'
import { z } from 'zod'
import { Role } from '../auth/permissions.ts'

/** Guest is not among them: whoever may no longer work is disabled. */
export const GivenRole = z.enum(['super_admin', 'department_admin', 'department_member'])

export const MemberState = z.enum(memberStates)

export const ManagedMember = z
  .object({
    id: z.uuid(),
    loginId: z.string(),
    email: z.string(),
    name: z.string(),
    nickname: z.string(),
    role: Role,
    departmentId: z.uuid(),
    departmentName: z.string(),
    state: MemberState,
    createdAt: z.iso.datetime(),
    approvedAt: z.iso.datetime().nullable(),
    disabledAt: z.iso.datetime().nullable(),
    deletedAt: z.iso.datetime().nullable(),
    lastSeenAt: z.iso.datetime().nullable().meta({ description: 'When a sign-in was last renewed.' }),
    secondFactor: z.boolean().meta({ description: 'Signing in asks for a code of an app.' }),
  })
  .meta({ id: 'ManagedMember' })

export const describeManagedMember = (member: FoundMember): z.input<typeof ManagedMember> => ({
  id: member.id,
  loginId: member.loginId,
  email: member.email,
  name: member.name,
  nickname: member.nickname,
  role: member.role,
  departmentId: member.departmentId,
  departmentName: member.department.name,
  state: memberState(member),
  createdAt: member.createdAt.toISOString(),
  approvedAt: member.approvedAt?.toISOString() ?? null,
  disabledAt: member.disabledAt?.toISOString() ?? null,
  deletedAt: member.deletedAt?.toISOString() ?? null,
  lastSeenAt: member.sessions[0]?.lastUsedAt.toISOString() ?? null,
  secondFactor: member.totpConfirmedAt !== null,
})
