/** Runs: started once, listed, read, cancelled. */
import { RunStatus } from '@defect-studio/nodes'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { notFound } from '../problem.ts'
import { createRun } from '../runs/create-run.ts'
import { findRun, summariseRun } from '../runs/describe-run.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { NewRun, RunDetail, RunSummary } from '../shapes/run.ts'

const tag = 'runs'

export const startRun = defineRoute({
  method: 'post',
  path: '/runs',
  tag,
  summary: 'Run a graph',
  description:
    'Answered with 201 once the run is written down: from then on it happens, whatever crashes. With an ' +
    'Idempotency-Key header the same request is answered with the same run (200), another one with 409.',
  auth: 'use-studio',
  body: NewRun,
  status: 201,
  response: RunDetail,
  async handler({ studio, caller, body, request, response }) {
    const { run, isNew } = await createRun(studio, caller, body, readIdempotencyKey(request))
    if (isNew) studio.dispatcher.wake()
    else response.status(200)
    const detail = await findRun(studio, { id: run.id })
    if (!detail) throw notFound('run')
    return detail
  },
})

export const listRuns = defineRoute({
  method: 'get',
  path: '/runs',
  tag,
  summary: 'Your runs, newest first',
  auth: 'use-studio',
  query: PageQuery.extend({ status: RunStatus.optional(), graphId: z.uuid().optional() }),
  response: pageOf(RunSummary),
  async handler({ studio, caller, query }) {
    const rows = await studio.db.run.findMany({
      where: {
        ownerId: caller.memberId,
        ...(query.status ? { status: query.status } : {}),
        ...(query.graphId ? { graphId: query.graphId } : {}),
      },
      include: { nodeRuns: { select: { cost: true } } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, summariseRun)
  },
})

export const readRun = defineRoute({
  method: 'get',
  path: '/runs/:id',
  tag,
  summary: 'One run: its nodes, and what came out so far',
  auth: 'use-studio',
  params: IdParams,
  response: RunDetail,
  async handler({ studio, caller, params }) {
    const run = await findRun(studio, { id: params.id, ownerId: caller.memberId })
    if (!run) throw notFound('run')
    return run
  },
})

export const cancelRun = defineRoute({
  method: 'post',
  path: '/runs/:id/cancel',
  tag,
  summary: 'Ask a run to stop; work that is done stays and is charged, the rest is given back',
  auth: 'use-studio',
  params: IdParams,
  status: 202,
  response: RunDetail,
  async handler({ studio, caller, params }) {
    await studio.db.run.updateMany({
      where: {
        id: params.id,
        ownerId: caller.memberId,
        status: { in: ['queued', 'running'] },
        cancelAskedAt: null,
      },
      data: { cancelAskedAt: new Date() },
    })
    studio.dispatcher.wake()
    const run = await findRun(studio, { id: params.id, ownerId: caller.memberId })
    if (!run) throw notFound('run')
    return run
  },
})
