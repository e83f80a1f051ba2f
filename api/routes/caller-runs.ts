/** /v1: graphs run by other programs. What is here stays as it is; what is added is added beside it. */
import { RunStatus } from '@defect-studio/nodes'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { findGraph } from '@defect-studio/stores'
import { readIdempotencyKey } from '../idempotency-key.ts'
import { notFound } from '../problem.ts'
import { askToCancel } from '../runs/control-runs.ts'
import { describeCallerGraph } from '../runs/describe-caller-graph.ts'
import { describeCallerRun } from '../runs/describe-caller-run.ts'
import { describeNewRun, findRun } from '../runs/describe-run.ts'
import { outputPage } from '../runs/item-pages.ts'
import { ownRuns } from '../runs/own-runs.ts'
import { startRunOf } from '../runs/start-run.ts'
import { longestWaitSeconds, waitForRun } from '../runs/wait-for-run.ts'
import { CallerGraph, CallerNewRun, CallerRun } from '../shapes/caller-run.ts'
import { OutputPage, PlaceQuery } from '../shapes/node-item.ts'
import { IdParams } from '../shapes/page.ts'

const tag = 'runs'

export const readCallerGraph = defineRoute({
  method: 'get',
  path: '/v1/graphs/:id',
  tag: 'graphs',
  summary: 'What a saved graph may be given, and what it hands back',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  query: z.object({ revision: z.coerce.number().int().min(1).optional() }),
  response: CallerGraph,
  async handler({ studio, caller, params, query }) {
    const found = await findGraph(studio.db, caller, { graphId: params.id, revision: query.revision })
    return describeCallerGraph(found)
  },
})

export const startCallerRun = defineRoute({
  method: 'post',
  path: '/v1/graphs/:id/runs',
  tag,
  summary: 'Run a saved graph with values for its declared inputs',
  description:
    'Answered with 201 once the run is written down: from then on it happens, whatever crashes. With an ' +
    'Idempotency-Key the same request is answered with the same run (200).',
  auth: 'use-studio',
  graphBound: true,
  idempotent: true,
  params: IdParams,
  body: CallerNewRun,
  status: 201,
  response: CallerRun,
  async handler({ studio, caller, params, body, request, response }) {
    const { revision, ...given } = body
    const key = readIdempotencyKey(request)
    const { run, isNew } = await startRunOf(
      studio,
      caller,
      { ...given, source: { graphId: params.id, revision }, trigger: 'api' },
      key === null ? null : { key, request: { graphId: params.id, ...body } },
    )
    if (!isNew) response.status(200)
    const now = isNew ? null : await findRun(studio, { id: run.id })
    return describeCallerRun(now ?? (await describeNewRun(studio, run)))
  },
})

export const readCallerRun = defineRoute({
  method: 'get',
  path: '/v1/runs/:id',
  tag,
  summary: 'One run; with `wait` as soon as its state changes',
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
  response: CallerRun,
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
    return describeCallerRun(run)
  },
})

export const cancelCallerRun = defineRoute({
  method: 'post',
  path: '/v1/runs/:id/cancel',
  tag,
  summary: 'Ask a run to stop',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  status: 202,
  response: CallerRun,
  async handler({ studio, caller, params }) {
    const where = { AND: [ownRuns(caller), { id: params.id }] }
    await askToCancel(studio.db, where)
    studio.dispatcher.wake()
    const run = await findRun(studio, where)
    if (!run) throw notFound('run')
    return describeCallerRun(run)
  },
})

export const listCallerOutput = defineRoute({
  method: 'get',
  path: '/v1/runs/:id/outputs/:name',
  tag,
  summary: 'What a declared output holds so far, in order',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams.extend({ name: z.string().min(1).max(64) }),
  query: PlaceQuery,
  response: OutputPage,
  async handler({ studio, caller, params, query: { cursor, limit } }) {
    const where = { AND: [ownRuns(caller), { id: params.id }] }
    const page = await outputPage(studio, where, params.name, { cursor, limit })
    if (!page) throw notFound('output of a run')
    return page
  },
})
