/** What was made and spent, by day or month: one's own, a department's, the whole organisation's. */
import {
  daysBetween,
  LocalDate,
  mostDays,
  mostMonths,
  organisationToday,
  readRanks,
  readStatistics,
  type StatisticsScope,
} from '@defect-studio/stores'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'
import { sendCsv } from '../csv/write-csv.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { describeLine, describeStatistics, describeUsage, Ranks, Statistics } from '../shapes/statistics.ts'
import type { Studio } from '../studio.ts'

const tag = 'statistics'

const PeriodQuery = z.object({
  from: LocalDate.optional().meta({ description: 'First day, of the organisation; 30 days ago without it.' }),
  to: LocalDate.optional().meta({ description: 'Last day; today without it.' }),
  by: z.enum(['day', 'month']).default('day'),
})

const StatisticsQuery = PeriodQuery.extend({
  of: z.enum(['me', 'department', 'organisation']).default('me'),
  departmentId: z
    .uuid()
    .optional()
    .meta({ description: 'Another department than your own: for super admins.' }),
  memberId: z.uuid().optional().meta({ description: 'Somebody else: for administrators, of their members.' }),
})

export const readStatisticsRoute = defineRoute({
  operationId: 'readStatistics',
  method: 'get',
  path: '/statistics',
  tag,
  summary: 'Images, uses of tools and models, and tokens, by day or month',
  description: 'Days are those of the organisation’s time zone. A use is one piece of work that a tool did.',
  auth: 'use-studio',
  query: StatisticsQuery,
  response: Statistics,
  async handler({ studio, caller, query }) {
    const scope = await scopeOf(studio, caller, query)
    return describeStatistics(await readStatistics(studio.db, scope, await periodOf(studio, query)))
  },
})

const columns = [
  'bucket',
  'uses',
  'images',
  'found',
  'tokens',
  'saved',
  'issued',
  'distributed',
  'revoked',
  'expired',
  'refunded',
] as const

export const exportStatistics = defineRoute({
  operationId: 'exportStatistics',
  method: 'get',
  path: '/statistics.csv',
  tag,
  summary: 'The same as CSV: a line for each day or month',
  auth: 'use-studio',
  query: StatisticsQuery,
  streams: 'text/csv',
  async handler({ studio, caller, query, response }) {
    const scope = await scopeOf(studio, caller, query)
    const { series } = await readStatistics(studio.db, scope, await periodOf(studio, query))
    await sendCsv(response, { name: 'statistics.csv', columns, rows: cells(series.map(describeLine)) })
  },
})

async function* cells(lines: readonly ReturnType<typeof describeLine>[]) {
  for (const line of lines) yield columns.map((column) => line[column])
}

export const readRanksRoute = defineRoute({
  operationId: 'readRanks',
  method: 'get',
  path: '/statistics/ranks',
  tag,
  summary: 'Who and what was used most: members, departments, tools, models',
  auth: 'see-ranks',
  query: PeriodQuery.omit({ by: true }).extend({ most: z.coerce.number().int().min(1).max(100).default(10) }),
  response: Ranks,
  async handler({ studio, query }) {
    const ranks = await readRanks(studio.db, await periodOf(studio, { ...query, by: 'month' }), query.most)
    const named = <R extends (typeof ranks.tools)[number]>(rows: readonly R[]) =>
      rows.map((row) => ({ ...row, ...describeUsage(row) }))
    return {
      members: named(ranks.members),
      departments: named(ranks.departments),
      tools: named(ranks.tools),
      models: named(ranks.models),
    }
  },
})

/** Whose they are, where the caller may see them. */
async function scopeOf(
  studio: Studio,
  caller: Caller,
  { of, departmentId, memberId }: z.output<typeof StatisticsQuery>,
): Promise<StatisticsScope> {
  const isSuper = may(caller.role, 'serve-other-departments')
  if (memberId !== undefined && memberId !== caller.memberId) {
    requireRole(caller, 'see-department-balance')
    const member = await studio.db.member.findUnique({ where: { id: memberId } })
    if (!member || (!isSuper && member.departmentId !== caller.departmentId)) throw notFound('member')
    return { of: 'member', memberId }
  }
  if (of === 'me') return { of: 'member', memberId: caller.memberId }
  if (of === 'organisation') {
    requireRole(caller, 'serve-other-departments')
    return { of: 'organisation' }
  }
  requireRole(caller, 'see-department-balance')
  const wanted = departmentId ?? caller.departmentId
  const isThere = isSuper && (await studio.db.department.findUnique({ where: { id: wanted } }))
  if (wanted !== caller.departmentId && !isThere) throw notFound('department')
  return { of: 'department', departmentId: wanted }
}

function requireRole(caller: Caller, permission: Parameters<typeof may>[1]): void {
  if (!may(caller.role, permission))
    throw new ProblemError('not-allowed', 'Your role may not see these.', { remedy: 'Ask an administrator.' })
}

async function periodOf(studio: Studio, { from, to, by }: z.output<typeof PeriodQuery>) {
  const last = to ?? (await organisationToday(studio.db))
  const first = from ?? new Date(Date.parse(last) - 29 * 86_400_000).toISOString().slice(0, 10)
  const days = daysBetween(first, last)
  const most = by === 'day' ? mostDays : mostMonths * 31
  const refuse = (field: string, message: string) =>
    new ProblemError('invalid-request', message, {
      remedy: 'Correct the marked field and send it again.',
      problems: [{ code: 'out-of-range', field, message }],
    })
  if (days < 1) throw refuse('from', 'The first day comes after the last one.')
  if (days > most)
    throw refuse('from', `One answer has at most ${by === 'day' ? mostDays : mostMonths} ${by}s.`)
  return { from: first, to: last, by }
}
