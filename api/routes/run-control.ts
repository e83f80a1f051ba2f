/** What people ask of runs that are under way: cancel, pause, resume, another priority. */
import { Priority } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { may } from '../auth/permissions.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import { askToCancel, setPaused, setPriority } from '../runs/control-runs.ts'
import { findRun } from '../runs/describe-run.ts'
import { ownRuns } from '../runs/own-runs.ts'
import { IdParams } from '../shapes/page.ts'
import { RunDetail } from '../shapes/run.ts'
import type { Studio } from '../studio.ts'

const tag = 'runs'

const mine = (caller: Caller, id: string): Prisma.RunWhereInput => ({ AND: [ownRuns(caller), { id }] })

export const cancelRun = defineRoute({
  operationId: 'cancelRun',
  method: 'post',
  path: '/runs/:id/cancel',
  tag,
  summary: 'Ask a run to stop; work that is done stays and is charged, the rest is given back',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  status: 202,
  response: RunDetail,
  async handler({ studio, caller, params }) {
    await askToCancel(studio.db, mine(caller, params.id))
    return told(studio, mine(caller, params.id))
  },
})

export const cancelRuns = defineRoute({
  operationId: 'cancelRuns',
  method: 'post',
  path: '/runs/cancel',
  tag,
  summary: 'Ask all your runs to stop, or those of one graph or batch; administrators: of the department',
  auth: 'use-studio',
  graphBound: true,
  body: z.object({
    graphId: z.uuid().optional(),
    batchId: z.uuid().optional(),
    of: z.enum(['me', 'department']).default('me'),
  }),
  status: 202,
  response: z.object({ asked: z.int().meta({ description: 'Runs that were asked to stop.' }) }),
  async handler({ studio, caller, body }) {
    if (body.of === 'department' && !may(caller.role, 'manage-department-runs'))
      throw new ProblemError('not-allowed', 'Your role may cancel your own runs alone.', {
        remedy: 'Ask an administrator of your department.',
      })
    const whose: Prisma.RunWhereInput =
      body.of === 'department'
        ? {
            departmentId: caller.departmentId,
            ...(caller.graphIds ? { AND: { graphId: { in: [...caller.graphIds] } } } : {}),
          }
        : ownRuns(caller)
    const { graphId, batchId } = body
    const asked = await askToCancel(studio.db, {
      AND: [whose, graphId ? { graphId } : {}, batchId ? { batchId } : {}],
    })
    studio.dispatcher.wake()
    return { asked }
  },
})

export const pauseRun = defineRoute({
  operationId: 'pauseRun',
  method: 'post',
  path: '/runs/:id/pause',
  tag,
  summary: 'Begin nothing new in this run; what is under way is finished',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  status: 202,
  response: RunDetail,
  async handler({ studio, caller, params }) {
    await setPaused(studio.db, mine(caller, params.id), true)
    return told(studio, mine(caller, params.id))
  },
})

export const resumeRun = defineRoute({
  operationId: 'resumeRun',
  method: 'post',
  path: '/runs/:id/resume',
  tag,
  summary: 'Go on with a paused run',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  status: 202,
  response: RunDetail,
  async handler({ studio, caller, params }) {
    await setPaused(studio.db, mine(caller, params.id), false)
    return told(studio, mine(caller, params.id))
  },
})

export const changePriority = defineRoute({
  operationId: 'changePriority',
  method: 'put',
  path: '/runs/:id/priority',
  tag,
  summary: 'Let a run go before or after others, as long as it has not ended',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  body: z.object({ priority: Priority.meta({ description: '1 goes first, 5 last.' }) }),
  status: 202,
  response: RunDetail,
  async handler({ studio, caller, params, body }) {
    await setPriority(studio.db, mine(caller, params.id), body.priority)
    return told(studio, mine(caller, params.id))
  },
})

export const keepRun = defineRoute({
  operationId: 'keepRun',
  method: 'put',
  path: '/runs/:id/keep',
  tag,
  summary: 'Keep a run whatever the retention policy says, or let it go',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  body: z.object({ kept: z.boolean() }),
  response: RunDetail,
  async handler({ studio, caller, params, body }) {
    const where = mine(caller, params.id)
    await studio.db.run.updateMany({ where, data: { keptAt: body.kept ? new Date() : null } })
    const run = await findRun(studio, where)
    if (!run) throw notFound('run')
    return run
  },
})

/** What has ended stays as it is, and is shown so. */
async function told(studio: Studio, where: Prisma.RunWhereInput): Promise<RunDetail> {
  studio.dispatcher.wake()
  const run = await findRun(studio, where)
  if (!run) throw notFound('run')
  return run
}
