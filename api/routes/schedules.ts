/** Schedules: a saved graph that runs by the clock. */
import { nextTimes, readableGraphs, readableSchedules } from '@defect-studio/stores'
import type { Prisma } from '@defect-studio/prisma'
import { scheduleTemporalId } from '@defect-studio/workflows/run-messages'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { describeSchedule, scheduleParts } from '../schedules/describe-schedule.ts'
import { overlapPolicies } from '../schedules/temporal-schedule.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { Backfill, NewSchedule, Overlap, ScheduleDetail, ScheduleSummary } from '../shapes/schedule.ts'
import type { Studio } from '../studio.ts'

const tag = 'schedules'

export const listSchedules = defineRoute({
  operationId: 'listSchedules',
  method: 'get',
  path: '/schedules',
  tag,
  summary: 'Your schedules, for department administrators those of the department, newest first',
  auth: 'use-studio',
  query: PageQuery.extend({ graphId: z.uuid().optional() }),
  response: pageOf(ScheduleSummary),
  async handler({ studio, caller, query }) {
    const rows = await studio.db.schedule.findMany({
      where: { AND: [readableSchedules(caller), query.graphId ? { graphId: query.graphId } : {}] },
      include: scheduleParts,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    const names = await ownersOf(studio, rows)
    return toPage(rows, query.limit, (row) => describeSchedule(row, ownerOf(names, row.ownerId)))
  },
})

export const readSchedule = defineRoute({
  operationId: 'readSchedule',
  method: 'get',
  path: '/schedules/:id',
  tag,
  summary: 'One schedule, with its next times and what became of the past ones',
  description: 'Its runs: GET /runs?scheduleId=…',
  auth: 'use-studio',
  params: IdParams,
  response: ScheduleDetail,
  handler: async ({ studio, caller, params }) => detail(studio, caller, params.id),
})

export const createSchedule = defineRoute({
  operationId: 'createSchedule',
  method: 'post',
  path: '/schedules',
  tag,
  summary: 'Run a saved graph by the clock',
  auth: 'use-studio',
  body: NewSchedule,
  status: 201,
  response: ScheduleDetail,
  async handler({ studio, caller, body }) {
    const { paused, ...settings } = await checked(studio, caller, body)
    const { id } = await studio.db.schedule.create({
      data: {
        ...settings,
        ownerId: caller.memberId,
        departmentId: caller.departmentId,
        pausedAt: paused ? new Date() : null,
      },
    })
    await passOn(studio, id)
    return detail(studio, caller, id)
  },
})

export const changeSchedule = defineRoute({
  operationId: 'changeSchedule',
  method: 'put',
  path: '/schedules/:id',
  tag,
  summary: 'Change a schedule; runs that go on are left alone',
  auth: 'use-studio',
  params: IdParams,
  body: NewSchedule,
  response: ScheduleDetail,
  async handler({ studio, caller, params, body }) {
    const { paused, ...settings } = await checked(studio, caller, body)
    await change(studio, caller, params.id, {
      ...settings,
      pausedAt: paused ? new Date() : null,
      ...(paused ? {} : { stoppedBecause: null }),
    })
    return detail(studio, caller, params.id)
  },
})

export const pauseSchedule = defineRoute({
  operationId: 'pauseSchedule',
  method: 'post',
  path: '/schedules/:id/pause',
  tag,
  summary: 'Let no more times of a schedule come; runs that go on are left alone',
  auth: 'use-studio',
  params: IdParams,
  response: ScheduleDetail,
  async handler({ studio, caller, params }) {
    await change(studio, caller, params.id, { pausedAt: new Date() })
    return detail(studio, caller, params.id)
  },
})

export const resumeSchedule = defineRoute({
  operationId: 'resumeSchedule',
  method: 'post',
  path: '/schedules/:id/resume',
  tag,
  summary: 'Let its times come again, from now on',
  auth: 'use-studio',
  params: IdParams,
  response: ScheduleDetail,
  async handler({ studio, caller, params }) {
    await change(studio, caller, params.id, { pausedAt: null, stoppedBecause: null })
    return detail(studio, caller, params.id)
  },
})

export const triggerSchedule = defineRoute({
  operationId: 'triggerSchedule',
  method: 'post',
  path: '/schedules/:id/trigger',
  tag,
  summary: 'Run it now, besides its times',
  auth: 'use-studio',
  params: IdParams,
  body: z.object({ overlap: Overlap.default('allow_all') }),
  status: 202,
  response: ScheduleDetail,
  async handler({ studio, caller, params, body }) {
    await askTemporal(studio, caller, params.id, (schedule) =>
      schedule.trigger(overlapPolicies[body.overlap]),
    )
    return detail(studio, caller, params.id)
  },
})

/** The most times that one request may make up for. */
const mostBackfilled = 1_000

export const backfillSchedule = defineRoute({
  operationId: 'backfillSchedule',
  method: 'post',
  path: '/schedules/:id/backfill',
  tag,
  summary: 'Run it for every time that it would have had between two moments',
  auth: 'use-studio',
  params: IdParams,
  body: Backfill,
  status: 202,
  response: z.object({ times: z.int() }),
  async handler({ studio, caller, params, body }) {
    const row = await findSchedule(studio, caller, params.id)
    const [start, end] = [new Date(body.from), new Date(body.to)]
    const { timing, timeZone } = describeSchedule(row, { id: row.ownerId, name: '' })
    const times = nextTimes(timing, timeZone, new Date(start.getTime() - 1), mostBackfilled + 1)
    const count = times.filter((time) => time <= end).length
    if (count === 0 || count > mostBackfilled)
      throw new ProblemError(
        'invalid-request',
        count === 0
          ? 'The schedule has no time between these two moments.'
          : `The schedule has more than ${mostBackfilled} times between these two moments.`,
        { remedy: 'Name other moments.' },
      )
    await askTemporal(studio, caller, params.id, (schedule) =>
      schedule.backfill({ start, end, overlap: overlapPolicies[body.overlap] }),
    )
    return { times: count }
  },
})

export const deleteSchedule = defineRoute({
  operationId: 'deleteSchedule',
  method: 'delete',
  path: '/schedules/:id',
  tag,
  summary: 'Delete a schedule; its runs stay',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    await change(studio, caller, params.id, { deletedAt: new Date() })
  },
})

type Row = Prisma.ScheduleGetPayload<{ include: typeof scheduleParts }>

async function findSchedule(studio: Studio, caller: Caller, id: string): Promise<Row> {
  const row = await studio.db.schedule.findFirst({
    where: { AND: [readableSchedules(caller), { id }] },
    include: scheduleParts,
  })
  if (!row) throw notFound('schedule')
  return row
}

/** Graph, revision, time zone and timing exist, and the schedule comes at least once. */
async function checked(studio: Studio, caller: Caller, body: NewSchedule) {
  const graph = await studio.db.graph.findFirst({
    where: { AND: [readableGraphs(caller), { id: body.graphId }] },
    select: { revision: true },
  })
  if (!graph) throw notFound('graph')
  if (body.revision !== null && body.revision > graph.revision)
    throw refuse('revision', `The graph has ${graph.revision} revisions; there is no ${body.revision}.`)
  try {
    const [next] = nextTimes(body.timing, body.timeZone, new Date(), 1)
    if (!next) throw refuse('timing', 'This schedule never comes: there is no such date.')
  } catch (error) {
    if (error instanceof RangeError) throw refuse('timing', error.message)
    throw error
  }
  return {
    ...body,
    inputs: body.inputs as Prisma.InputJsonObject,
    params: body.params as Prisma.InputJsonObject,
  }
}

function refuse(field: string, message: string): ProblemError {
  return new ProblemError('invalid-request', message, {
    remedy: 'Correct the marked field and send it again.',
    problems: [{ code: 'bad-schedule', field, message }],
  })
}

async function change(
  studio: Studio,
  caller: Caller,
  id: string,
  data: Prisma.ScheduleUncheckedUpdateManyInput,
): Promise<void> {
  const { count } = await studio.db.schedule.updateMany({
    where: { AND: [readableSchedules(caller), { id }] },
    data: { ...data, version: { increment: 1 } },
  })
  if (count === 0) throw notFound('schedule')
  await passOn(studio, id)
}

/** The row is written; while Temporal is away the next round tells it. */
async function passOn({ schedules, log }: Studio, id: string): Promise<void> {
  await schedules
    .now(id)
    .catch((error: unknown) => log.warn({ err: error, scheduleId: id }, 'a schedule waits'))
}

type Handle = ReturnType<Studio['temporal']['schedule']['getHandle']>

async function askTemporal(
  studio: Studio,
  caller: Caller,
  id: string,
  ask: (schedule: Handle) => Promise<void>,
): Promise<void> {
  const { temporal, schedules } = studio
  await findSchedule(studio, caller, id)
  try {
    await schedules.now(id)
    await temporal.withDeadline(Date.now() + 5_000, () =>
      ask(temporal.schedule.getHandle(scheduleTemporalId(id))),
    )
  } catch (error) {
    throw new ProblemError(
      'not-available',
      'The Temporal server does not answer.',
      { remedy: 'Try again in a moment.' },
      { cause: error },
    )
  }
}

async function detail(studio: Studio, caller: Caller, id: string): Promise<z.input<typeof ScheduleDetail>> {
  const row = await findSchedule(studio, caller, id)
  const names = await ownersOf(studio, [row])
  return { ...describeSchedule(row, ownerOf(names, row.ownerId)), counts: await countsOf(studio, id) }
}

async function countsOf({ temporal }: Studio, id: string): Promise<z.input<typeof ScheduleDetail>['counts']> {
  try {
    const { info } = await temporal.withDeadline(Date.now() + 2_000, () =>
      temporal.schedule.getHandle(scheduleTemporalId(id)).describe(),
    )
    return {
      taken: info.numActionsTaken,
      skippedForOverlap: info.numActionsSkippedOverlap,
      missedCatchUp: info.numActionsMissedCatchupWindow,
      runningNow: info.runningActions.length,
    }
  } catch {
    return null
  }
}

async function ownersOf({ db }: Studio, rows: readonly Row[]): Promise<Map<string, string>> {
  const owners = await db.member.findMany({
    where: { id: { in: rows.map(({ ownerId }) => ownerId) } },
    select: { id: true, name: true },
  })
  return new Map(owners.map(({ id, name }) => [id, name]))
}

const ownerOf = (names: ReadonlyMap<string, string>, id: string) => ({ id, name: names.get(id) ?? '' })
