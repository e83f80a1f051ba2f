/** Looking after members: a super admin after everybody, an administrator of a department after the own one. */
import { findMembers, withDepartment } from '@defect-studio/stores'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { Role } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { changeMember } from '../members/change-member.ts'
import { deleteMember, disableMember, enableMember } from '../members/disable-member.ts'
import { administered } from '../members/who-may.ts'
import { notFound } from '../problem.ts'
import { describeManagedMember, GivenRole, ManagedMember, MemberState } from '../shapes/managed-member.ts'
import { IdParams, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'

const tag = 'members'
const auth = 'manage-members'

export const listMembers = defineRoute({
  operationId: 'listMembers',
  method: 'get',
  path: '/members',
  tag,
  summary: 'Members, newest first; an administrator of a department sees the own one',
  auth,
  query: PageQuery.extend({
    search: z
      .string()
      .trim()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'In the login id, the name, the nickname or the e-mail address.' }),
    role: Role.optional(),
    departmentId: z.uuid().optional(),
    state: MemberState.optional().meta({ description: 'Without it everybody who has not been deleted.' }),
  }),
  response: pageOf(ManagedMember),
  async handler({ studio, caller, query }) {
    const { limit, ...filter } = query
    const found = await findMembers(studio.db, administered(caller), { ...filter, limit: limit + 1 })
    return toPage(found, limit, describeManagedMember)
  },
})

export const readMember = defineRoute({
  operationId: 'readMember',
  method: 'get',
  path: '/members/:id',
  tag,
  summary: 'One member',
  auth,
  params: IdParams,
  response: ManagedMember,
  handler: ({ studio, caller, params }) => describe(studio, caller, params.id),
})

export const changeMemberRoute = defineRoute({
  operationId: 'changeMember',
  method: 'put',
  path: '/members/:id',
  tag,
  summary: 'Give a member another role or department; what is left out stays',
  description:
    'Sign-ins of the member end at once. An administrator of a department gives the roles department_member and department_admin, in the own department. Who moves leaves the tokens that runs do not hold with the department they came from. The last super admin stays one.',
  auth,
  params: IdParams,
  body: z.object({ role: GivenRole.optional(), departmentId: z.uuid().optional() }),
  response: ManagedMember,
  async handler({ studio, caller, params, body, audit }) {
    await changeMember(studio.db, { caller, audit }, params.id, body)
    return seen(studio, params.id)
  },
})

export const disableMemberRoute = defineRoute({
  operationId: 'disableMember',
  method: 'post',
  path: '/members/:id/disable',
  tag,
  summary: 'Shut a member out: sign-ins and API keys end at once',
  description: 'The work and the tokens stay. Schedules of the member stop themselves when they are due.',
  auth,
  params: IdParams,
  response: ManagedMember,
  async handler({ studio, caller, params, audit }) {
    await disableMember(studio.db, { caller, audit }, params.id)
    return seen(studio, params.id)
  },
})

export const enableMemberRoute = defineRoute({
  operationId: 'enableMember',
  method: 'post',
  path: '/members/:id/enable',
  tag,
  summary: 'Let a disabled member in again; API keys that ended stay ended',
  auth,
  params: IdParams,
  response: ManagedMember,
  async handler({ studio, caller, params, audit }) {
    await enableMember(studio.db, { caller, audit }, params.id)
    return seen(studio, params.id)
  },
})

export const deleteMemberRoute = defineRoute({
  operationId: 'deleteMember',
  method: 'delete',
  path: '/members/:id',
  tag,
  summary: 'Delete a member for good: the work stays without their name, tokens go back to the department',
  description: 'Name, address and every way in are gone. Runs that are under way are asked to stop.',
  auth,
  params: IdParams,
  async handler({ studio, caller, params, audit }) {
    await deleteMember(studio.db, { caller, audit }, params.id)
  },
})

async function describe(studio: Studio, caller: Caller, id: string) {
  const member = await studio.db.member.findFirst({
    where: { AND: [administered(caller), { id }] },
    include: withDepartment,
  })
  if (!member) throw notFound('member')
  return describeManagedMember(member)
}

/** After a change: also when the member is nobody of the caller's any more. */
const seen = async (studio: Studio, id: string) =>
  describeManagedMember(await studio.db.member.findUniqueOrThrow({ where: { id }, include: withDepartment }))
