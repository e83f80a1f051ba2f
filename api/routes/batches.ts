/** Up to a thousand runs of one graph that are asked for together. */
import type { RunBatch } from '@defect-studio/prisma'
import { createBatch, hashRequest } from '@defect-studio/stores'
import { RunStatus } from '@defect-studio/nodes'
import type { Caller } from '../auth/caller.ts'
import { defineRoute } from '../define-route.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { notFound } from '../problem.ts'
import { askToCancel } from '../runs/control-runs.ts'
import { describeBatch } from '../runs/describe-batch.ts'
import { summariseRun, summaryOfRun } from '../runs/describe-run.ts'
import { runWorld } from '../runs/run-world.ts'
import { Batch, NewBatch } from '../shapes/batch.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import { RunSummary } from '../shapes/run.ts'
import type { Studio } from '../studio.ts'

const tag = 'runs'

export const startBatch = defineRoute({
  operationId: 'startBatch',
  method: 'post',
  path: '/graphs/:id/batches',
  tag,
  summary: 'Run a saved graph many times, with other inputs each time',
  description:
    'All of the runs or none: every problem of every run is listed with its place, and your tokens have to cover all ' +
    'of them together.',
  auth: 'use-studio',
  graphBound: true,
  idempotent: true,
  params: IdParams,
  body: NewBatch,
  status: 201,
  response: Batch,
  async handler({ studio, caller, params, body, request, response }) {
    const { items, revision, ...settings } = body
    const key = readIdempotencyKey(request)
    const { batch, runs, isNew } = await createBatch(
      runWorld(studio),
      caller,
      { ...settings, source: { graphId: params.id, revision }, trigger: 'batch' },
      items,
      key === null ? null : { key, requestHash: hashRequest({ graphId: params.id, ...body }) },
    )
    if (!isNew) response.status(200)
    // The first begin at once; a round of the dispatcher starts the rest.
    for (const run of runs.slice(0, 8)) studio.dispatcher.start(run)
    if (runs.length > 8) studio.dispatcher.wake()
    return describeBatch(studio.db, batch)
  },
})

export const readBatch = defineRoute({
  operationId: 'readBatch',
  method: 'get',
  path: '/batches/:id',
  tag,
  summary: 'How far the runs of a batch are, and what they cost',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  response: Batch,
  handler: async ({ studio, caller, params }) =>
    describeBatch(studio.db, await findBatch(studio, caller, params.id)),
})

export const listBatchRuns = defineRoute({
  operationId: 'listBatchRuns',
  method: 'get',
  path: '/batches/:id/runs',
  tag,
  summary: 'The runs of a batch, the latest first',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  query: PageQuery.extend({ status: RunStatus.optional() }),
  response: pageOf(RunSummary),
  async handler({ studio, caller, params, query }) {
    const batch = await findBatch(studio, caller, params.id)
    const rows = await studio.db.run.findMany({
      where: { batchId: batch.id, ...(query.status ? { status: query.status } : {}) },
      ...summaryOfRun,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, summariseRun)
  },
})

export const cancelBatch = defineRoute({
  operationId: 'cancelBatch',
  method: 'post',
  path: '/batches/:id/cancel',
  tag,
  summary: 'Ask every run of a batch to stop',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  status: 202,
  response: Batch,
  async handler({ studio, caller, params }) {
    const batch = await findBatch(studio, caller, params.id)
    await askToCancel(studio.db, { batchId: batch.id })
    studio.dispatcher.wake()
    return describeBatch(studio.db, batch)
  },
})

async function findBatch(studio: Studio, { memberId, graphIds }: Caller, id: string): Promise<RunBatch> {
  const batch = await studio.db.runBatch.findFirst({
    where: { id, ownerId: memberId, ...(graphIds ? { graphId: { in: [...graphIds] } } : {}) },
  })
  if (!batch) throw notFound('batch')
  return batch
}
