/** The departments of the organisation: who is there, what they are called, and which are closed. */
import { retryTransaction } from '@defect-studio/stores'
import { z } from 'zod'
import { archiveDepartment } from '../departments/archive-department.ts'
import { describeDepartments } from '../departments/describe-departments.ts'
import { requireFreeName } from '../departments/name-department.ts'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import { Department, DepartmentName } from '../shapes/department.ts'
import { IdParams, pageArguments, pageOf, PageQuery } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'
import { ownDepartment } from '../tokens/own-department.ts'
import type { Caller } from '../auth/caller.ts'

const tag = 'departments'

export const listDepartments = defineRoute({
  operationId: 'listDepartments',
  method: 'get',
  path: '/departments',
  tag,
  summary: 'Departments by name, with their administrators; an administrator of one sees that one',
  auth: 'manage-members',
  query: PageQuery.extend({
    archived: z
      .enum(['false', 'true'])
      .default('false')
      .meta({ description: 'Whether those that are archived are listed instead.' }),
  }),
  response: pageOf(Department),
  async handler({ studio, caller, query }) {
    const rows = await studio.db.department.findMany({
      where: { ...visible(caller), archivedAt: query.archived === 'true' ? { not: null } : null },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      ...pageArguments(query),
    })
    const shown = rows.slice(0, query.limit)
    return {
      items: await describeDepartments(studio.db, shown),
      nextCursor: rows.length > query.limit ? (shown.at(-1)?.id ?? null) : null,
    }
  },
})

export const readDepartment = defineRoute({
  operationId: 'readDepartment',
  method: 'get',
  path: '/departments/:id',
  tag,
  summary: 'One department',
  auth: 'manage-members',
  params: IdParams,
  response: Department,
  handler: ({ studio, caller, params }) => describe(studio, params.id, caller),
})

export const createDepartment = defineRoute({
  operationId: 'createDepartment',
  method: 'post',
  path: '/departments',
  tag,
  summary: 'Create a department',
  auth: 'manage-departments',
  body: z.object({ name: DepartmentName }),
  status: 201,
  response: Department,
  async handler({ studio, body: { name }, audit }) {
    const { id } = await retryTransaction(studio.db, async (tx) => {
      await requireFreeName(tx, name)
      const made = await tx.department.create({ data: { name } })
      await audit.within(tx, { object: { kind: 'department', id: made.id, name, departmentId: made.id } })
      return made
    })
    return describe(studio, id)
  },
})

export const renameDepartment = defineRoute({
  operationId: 'renameDepartment',
  method: 'put',
  path: '/departments/:id',
  tag,
  summary: 'Rename a department',
  auth: 'manage-departments',
  params: IdParams,
  body: z.object({ name: DepartmentName }),
  response: Department,
  async handler({ studio, params: { id }, body: { name }, audit }) {
    await retryTransaction(studio.db, async (tx) => {
      await requireFreeName(tx, name, id)
      const before = await tx.department.findUnique({ where: { id } })
      if (!before) throw notFound('department')
      if (before.name === name) return
      await tx.department.update({ where: { id }, data: { name } })
      const object = { kind: 'department', id, name, departmentId: id }
      await audit.within(tx, { object, details: { nameBefore: before.name } })
    })
    return describe(studio, id)
  },
})

export const archiveDepartmentRoute = defineRoute({
  operationId: 'archiveDepartment',
  method: 'post',
  path: '/departments/:id/archive',
  tag,
  summary: 'Close a department; refused while it has active members, guests, tokens or runs',
  description:
    'The answer 409 names everything that is in the way. What was made there stays. Its schedules stop, and nobody can join it or be enabled in it until it is restored.',
  auth: 'manage-departments',
  params: IdParams,
  response: Department,
  async handler({ studio, params, audit }) {
    await archiveDepartment(studio.db, audit, params.id)
    return describe(studio, params.id)
  },
})

export const restoreDepartment = defineRoute({
  operationId: 'restoreDepartment',
  method: 'post',
  path: '/departments/:id/restore',
  tag,
  summary: 'Open an archived department again; its schedules stay paused',
  auth: 'manage-departments',
  params: IdParams,
  response: Department,
  async handler({ studio, params: { id }, audit }) {
    await retryTransaction(studio.db, async (tx) => {
      const department = await tx.department.findUnique({ where: { id } })
      if (!department) throw notFound('department')
      if (!department.archivedAt) return
      await tx.department.update({ where: { id }, data: { archivedAt: null } })
      await audit.within(tx, { object: { kind: 'department', id, name: department.name, departmentId: id } })
    })
    return describe(studio, id)
  },
})

function visible(caller: Caller): { id?: string } {
  const { departmentId } = ownDepartment(caller)
  return departmentId ? { id: departmentId } : {}
}

async function describe(studio: Studio, id: string, caller?: Caller) {
  const row = await studio.db.department.findFirst({
    where: { AND: [caller ? visible(caller) : {}, { id }] },
  })
  const [department] = row ? await describeDepartments(studio.db, [row]) : []
  if (!department) throw notFound('department')
  return department
}
