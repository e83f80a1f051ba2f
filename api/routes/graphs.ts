/** Saved graphs: kept, changed one revision at a time, and checked before anything runs. */
import { compilePlan, readGraph, RunInputs, type Graph } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { z } from 'zod'
import { defineRoute } from '../define-route.ts'
import { readableGraphs } from '@defect-studio/stores'
import { notFound, ProblemError } from '../problem.ts'
import {
  GraphDocument,
  GraphName,
  GraphSummary,
  GraphVerdict,
  SavedGraph,
  Visibility,
} from '../shapes/graph.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'

const tag = 'graphs'

export const listGraphs = defineRoute({
  method: 'get',
  path: '/graphs',
  tag,
  summary: 'Your graphs and those that others share, newest first',
  auth: 'use-studio',
  query: PageQuery,
  response: pageOf(GraphSummary),
  async handler({ studio, caller, query }) {
    const rows = await studio.db.graph.findMany({
      where: readableGraphs(caller),
      include: { owner: true },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      ...pageArguments(query),
    })
    return toPage(rows, query.limit, summarise)
  },
})

export const createGraph = defineRoute({
  method: 'post',
  path: '/graphs',
  tag,
  summary: 'Save a new graph; it may be unfinished',
  auth: 'use-studio',
  body: z.object({ name: GraphName, graph: GraphDocument, visibility: Visibility.default('private') }),
  status: 201,
  response: SavedGraph,
  async handler({ studio, caller, body }) {
    const graph = parseGraph(body.graph)
    const row = await studio.db.graph.create({
      data: {
        name: body.name,
        visibility: body.visibility,
        document: graph,
        ownerId: caller.memberId,
        departmentId: caller.departmentId,
      },
      include: { owner: true },
    })
    return { ...summarise(row), graph }
  },
})

export const readSavedGraph = defineRoute({
  method: 'get',
  path: '/graphs/:id',
  tag,
  summary: 'One graph',
  auth: 'use-studio',
  params: IdParams,
  response: SavedGraph,
  async handler({ studio, caller, params }) {
    const row = await studio.db.graph.findFirst({
      where: { id: params.id, ...readableGraphs(caller) },
      include: { owner: true },
    })
    if (!row) throw notFound('graph')
    return { ...summarise(row), graph: parseGraph(row.document) }
  },
})

export const saveGraph = defineRoute({
  method: 'put',
  path: '/graphs/:id',
  tag,
  summary: 'Save changes over the revision that you read',
  description: 'Answered with 409 and the current revision when somebody saved meanwhile.',
  auth: 'use-studio',
  params: IdParams,
  body: z.object({
    revision: z.int().min(1),
    name: GraphName.optional(),
    graph: GraphDocument.optional(),
    visibility: Visibility.optional(),
  }),
  response: SavedGraph,
  async handler({ studio, caller, params, body }) {
    const mine = { id: params.id, ownerId: caller.memberId, deletedAt: null }
    const data: Prisma.GraphUpdateManyMutationInput = { revision: { increment: 1 } }
    if (body.name !== undefined) data.name = body.name
    if (body.visibility !== undefined) data.visibility = body.visibility
    if (body.graph !== undefined) data.document = parseGraph(body.graph)
    const { count } = await studio.db.graph.updateMany({ where: { ...mine, revision: body.revision }, data })
    const row = await studio.db.graph.findFirst({ where: mine, include: { owner: true } })
    if (!row) throw notFound('graph')
    if (count === 0)
      throw new ProblemError(
        'revision-clash',
        `This graph is at revision ${row.revision} now; your change was made to revision ${body.revision}.`,
        { revision: row.revision, remedy: 'Read the graph again, or save yours as a new one.' },
      )
    return { ...summarise(row), graph: parseGraph(row.document) }
  },
})

export const deleteGraph = defineRoute({
  method: 'delete',
  path: '/graphs/:id',
  tag,
  summary: 'Delete a graph; its runs and pictures stay',
  auth: 'use-studio',
  params: IdParams,
  async handler({ studio, caller, params }) {
    const { count } = await studio.db.graph.updateMany({
      where: { id: params.id, ownerId: caller.memberId, deletedAt: null },
      data: { deletedAt: new Date() },
    })
    if (count === 0) throw notFound('graph')
  },
})

export const checkGraphRoute = defineRoute({
  method: 'post',
  path: '/graphs/check',
  tag,
  summary: 'Everything that keeps a graph from running, or what a run would cost at most',
  auth: 'use-studio',
  body: z.object({ graph: GraphDocument, ...RunInputs.shape }),
  response: GraphVerdict,
  async handler({ body }) {
    const read = readGraph(body.graph)
    if (!read.ok) return { problems: read.problems, quote: null }
    // No run comes of it, so no seed has to be drawn.
    const compiled = compilePlan(read.graph, { inputs: body.inputs, params: body.params }, () => 0)
    return compiled.ok
      ? { problems: [], quote: compiled.plan.quote }
      : { problems: compiled.problems, quote: null }
  },
})

function parseGraph(document: unknown): Graph {
  const read = readGraph(document)
  if (read.ok) return read.graph
  throw new ProblemError('invalid-graph', 'This is not a graph that the studio can keep.', {
    problems: read.problems,
  })
}

type GraphRow = Prisma.GraphGetPayload<{ include: { owner: true } }>

function summarise(row: GraphRow): z.infer<typeof GraphSummary> {
  return {
    id: row.id,
    name: row.name,
    ownerId: row.ownerId,
    ownerNickname: row.owner.nickname,
    visibility: row.visibility,
    revision: row.revision,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  }
}
