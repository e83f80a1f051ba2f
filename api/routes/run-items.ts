/** What a big run made, page by page. */
import { NodeRunState } from '@defect-studio/nodes'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { notFound } from '../problem.ts'
import { nodeItems, outputPage } from '../runs/item-pages.ts'
import { ownRuns } from '../runs/own-runs.ts'
import { NodeItem, OutputPage, PlaceQuery } from '../shapes/node-item.ts'
import { IdParams } from '../shapes/page.ts'

const tag = 'runs'

export const listNodeItems = defineRoute({
  operationId: 'listNodeItems',
  method: 'get',
  path: '/runs/:id/nodes/:nodeId/items',
  tag,
  summary: 'The items of one node, in order; the slash of `outer/inner` is written %2F',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams.extend({ nodeId: z.string().min(1).max(1200) }),
  query: PlaceQuery.extend({ state: NodeRunState.optional() }),
  response: z.object({ items: z.array(NodeItem), nextCursor: z.int().nullable() }),
  async handler({ studio, caller, params, query }) {
    const { cursor, limit, state } = query
    const where = { AND: [ownRuns(caller), { id: params.id }] }
    const page = await nodeItems(studio, where, params.nodeId, { cursor, limit, state })
    if (!page) throw notFound('node of a run')
    return page
  },
})

export const listOutputItems = defineRoute({
  operationId: 'listOutputItems',
  method: 'get',
  path: '/runs/:id/outputs/:name',
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
