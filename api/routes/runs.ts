/** Runs: quoted, started once, listed, read. */
import { RunStatus } from '@defect-studio/nodes'
import { planRun, type RunOrder } from '@defect-studio/stores'
import type { Response } from 'express'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { notFound } from '../problem.ts'
import { describeNewRun, findRun, summariseRun, summaryOfRun } from '../runs/describe-run.ts'
import { ownRuns } from '../runs/own-runs.ts'
import { runWorld } from '../runs/run-world.ts'
import { startRunOf } from '../runs/start-run.ts'
import { longestWaitSeconds, waitForRun } from '../runs/wait-for-run.ts'
import { GraphDocument } from '../shapes/graph.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'
import type { Studio } from '../studio.ts'
import { NewGraphRun, NewRun, QuotedRun, RunDetail, RunQuote, runOptions, RunSummary } from '../shapes/run.ts'
import { toTokens } from '../shapes/tokens.ts'

const tag = 'runs'

export const startRun = defineRoute({
  operationId: 'startRun',
  method: 'post',
  path: '/runs',
  tag,
  summary: 'Run a graph that is not saved',
  description:
    'Answered with 201 once the run is written down: from then on it happens, whatever crashes. With an ' +
    'Idempotency-Key header the same request is answered with the same run (200), another one with 409.',
  auth: 'use-studio',
  graphBound: true,
  idempotent: true,
  body: NewRun,
  status: 201,
  response: RunDetail,
  async handler({ studio, caller, body, request, response }) {
    const { graph, ...given } = body
    const key = readIdempotencyKey(request)
    const order: RunOrder = { ...given, source: { graph }, trigger: caller.key ? 'api' : 'hand' }
    const started = await startRunOf(studio, caller, order, key === null ? null : { key, request: body })
    return describeStarted(studio, started, response)
  },
})

export const startGraphRun = defineRoute({
  operationId: 'startGraphRun',
  method: 'post',
  path: '/graphs/:id/runs',
  tag,
  summary: 'Run a saved graph, with values for its declared inputs',
  description:
    'Answered with 201 once the run is written down: from then on it happens, whatever crashes. With an ' +
    'Idempotency-Key header the same request is answered with the same run (200), another one with 409.',
  auth: 'use-studio',
  graphBound: true,
  idempotent: true,
  params: IdParams,
  body: NewGraphRun,
  status: 201,
  response: RunDetail,
  async handler({ studio, caller, params, body, request, response }) {
    const { revision, ...given } = body
    const key = readIdempotencyKey(request)
    const order: RunOrder = {
      ...given,
      source: { graphId: params.id, revision },
      trigger: caller.key ? 'api' : 'hand',
    }
    const asked = key === null ? null : { key, request: { graphId: params.id, ...body } }
    return describeStarted(studio, await startRunOf(studio, caller, order, asked), response)
  },
})

export const quoteRun = defineRoute({
  operationId: 'quoteRun',
  method: 'post',
  path: '/runs/quote',
  audit: false,
  tag,
  summary: 'What a run would cost at most, and whether your tokens cover it; nothing is begun',
  auth: 'use-studio',
  scope: 'runs:read',
  graphBound: true,
  body: QuotedRun,
  response: RunQuote,
  async handler({ studio, caller, body }) {
    const { graphId, revision, graph, ...given } = body
    const source = graphId === undefined ? { graph } : { graphId, revision }
    const [{ plan }, { available }] = await Promise.all([
      planRun(runWorld(studio), caller, { ...given, source, trigger: 'hand' }),
      studio.ledger.fundsOf(caller),
    ])
    const have = toTokens(available)
    return {
      quote: plan.quote,
      available: have,
      covered: have >= plan.quote,
      nodes: plan.nodes.map(({ id, title, items, price, pinned }) => ({
        nodeId: id,
        title,
        items,
        price,
        tokens: pinned ? 0 : items * price,
      })),
    }
  },
})

export const retryRun = defineRoute({
  operationId: 'retryRun',
  method: 'post',
  path: '/runs/:id/retry',
  tag,
  summary: 'Take a run up again, also with an edited graph: what succeeded and did not change is taken over',
  description:
    'A new run with the seeds and lists of this one. Results whose node, params and inputs are the same are not made ' +
    'again, nor paid for again; everything else runs.',
  auth: 'use-studio',
  graphBound: true,
  idempotent: true,
  params: IdParams,
  body: z.object({
    graph: GraphDocument.optional().meta({ description: 'The edited graph; as it ran without it.' }),
    only: runOptions.only,
    priority: runOptions.priority,
    reference: runOptions.reference,
    callback: runOptions.callback,
  }),
  status: 201,
  response: RunDetail,
  async handler({ studio, caller, params, body, request, response }) {
    const parent = await studio.db.run.findFirst({
      where: { AND: [ownRuns(caller), { id: params.id }] },
      select: { document: true, graphName: true, graphId: true, priority: true },
    })
    if (!parent) throw notFound('run')
    const { graph, ...given } = body
    const key = readIdempotencyKey(request)
    const started = await startRunOf(
      studio,
      caller,
      {
        priority: parent.priority,
        ...given,
        inputs: {},
        params: {},
        source: { graph: graph ?? parent.document, of: parent.graphId },
        name: parent.graphName,
        trigger: 'retry',
        parentRunId: params.id,
      },
      key === null ? null : { key, request: { retry: params.id, ...body } },
    )
    return describeStarted(studio, started, response)
  },
})

export const listRuns = defineRoute({
  operationId: 'listRuns',
  method: 'get',
  path: '/runs',
  tag,
  summary: 'Your runs, newest first',
  auth: 'use-studio',
  graphBound: true,
  query: PageQuery.extend({
    status: RunStatus.optional(),
    graphId: z.uuid().optional(),
    batchId: z.uuid().optional(),
    scheduleId: z.uuid().optional(),
    reference: z.string().max(200).optional(),
  }),
  response: pageOf(RunSummary),
  async handler({ studio, caller, query }) {
    const { status, graphId, batchId, scheduleId, reference } = query
    const asked = { status, graphId, batchId, scheduleId, reference }
    const where = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined))
    const rows = await studio.db.run.findMany({
      where: { AND: [ownRuns(caller), where] },
      ...summaryOfRun,
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, summariseRun)
  },
})

export const readRun = defineRoute({
  operationId: 'readRun',
  method: 'get',
  path: '/runs/:id',
  tag,
  summary: 'One run: its nodes, and what came out so far; with `wait` as soon as its state changes',
  description:
    'With `wait` the answer is held back until the run is in another state than `state` (than now, without it) or has ' +
    'ended, at most so many seconds. Ask again with the state that you were told: no change is missed.',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  query: z.object({
    wait: z.coerce.number().int().min(0).max(longestWaitSeconds).default(0).meta({ description: 'Seconds.' }),
    state: RunStatus.optional().meta({ description: 'The state that you know of.' }),
  }),
  response: RunDetail,
  async handler({ studio, caller, params, query, response }) {
    const where = { AND: [ownRuns(caller), { id: params.id }] }
    if (query.wait > 0) {
      const gone = new AbortController()
      response.once('close', () => gone.abort())
      const known = query.state ?? null
      await waitForRun(studio, caller, { id: params.id, where }, { seconds: query.wait, known }, gone.signal)
    }
    const run = await findRun(studio, where)
    if (!run) throw notFound('run')
    return run
  },
})

/** What was begun before, by the same key, is shown as it is now. */
async function describeStarted(
  studio: Studio,
  { run, isNew }: Awaited<ReturnType<typeof startRunOf>>,
  response: Response,
): Promise<RunDetail> {
  if (isNew) return describeNewRun(studio, run)
  response.status(200)
  return (await findRun(studio, { id: run.id })) ?? describeNewRun(studio, run)
}
