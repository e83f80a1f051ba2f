/** Saved graphs: kept, changed one revision at a time, and checked before anything runs. */
import { readGraph, RunInputs, type Graph } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { judgeGraph, readableGraphs } from '@defect-studio/stores'
import { z } from 'zod'
import type { Caller } from '../auth/caller.ts'
import { defineRoute } from '../define-route.ts'
import { notFound, ProblemError } from '../problem.ts'
import {
  GraphDocument,
  GraphName,
  GraphShape,
  GraphSummary,
  GraphVerdict,
  SavedGraph,
  Visibility,
} from '../shapes/graph.ts'
import { graphInterface } from '../runs/graph-interface.ts'
import { runWorld } from '../runs/run-world.ts'
import type { Studio } from '../studio.ts'
import { IdParams, pageArguments, pageOf, PageQuery, toPage } from '../shapes/page.ts'

const tag = 'graphs'

export const listGraphs = defineRoute({
  operationId: 'listGraphs',
  method: 'get',
  path: '/graphs',
  tag,
  summary: 'Your graphs and those that others share, newest first',
  auth: 'use-studio',
  graphBound: true,
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
  operationId: 'createGraph',
  method: 'post',
  path: '/graphs',
  tag,
  summary: 'Save a new graph; it may be unfinished',
  auth: 'use-studio',
  graphBound: true,
  body: z.object({ name: GraphName, graph: GraphDocument, visibility: Visibility.default('private') }),
  status: 201,
  response: SavedGraph,
  async handler({ studio, caller, body }) {
    const graph = parseGraph(body.graph)
    refuseBound(caller)
    const row = await studio.db.graph.create({
      data: {
        name: body.name,
        visibility: body.visibility,
        document: graph,
        ownerId: caller.memberId,
        departmentId: caller.departmentId,
        revisions: { create: { revision: 1, document: graph, savedById: caller.memberId } },
      },
      include: { owner: true },
    })
    return describeGraph(row)
  },
})

export const readSavedGraph = defineRoute({
  operationId: 'readGraph',
  method: 'get',
  path: '/graphs/:id',
  tag,
  summary: 'One graph, with what it may be given and what it hands back',
  auth: 'use-studio',
  revalidated: true,
  graphBound: true,
  params: IdParams,
  query: z.object({
    revision: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ description: 'As it was saved then; as it is now without it.' }),
  }),
  response: SavedGraph,
  async handler({ studio, caller, params, query: { revision }, response }) {
    const row = await studio.db.graph.findFirst({
      where: { AND: [readableGraphs(caller), { id: params.id }] },
      include: { owner: true },
    })
    if (!row) throw notFound('graph')
    response.set('ETag', etagOf(revision ?? row.revision))
    if (revision === undefined || revision === row.revision) return describeGraph(row)
    const saved = await findRevision(studio, params.id, revision)
    return describeGraph({ ...row, revision, document: saved.document })
  },
})

export const saveGraph = defineRoute({
  operationId: 'saveGraph',
  method: 'put',
  path: '/graphs/:id',
  tag,
  summary: 'Save changes over the revision that you read',
  description:
    'Name the revision as `revision`, or its ETag in If-Match. When somebody saved meanwhile the answer is 409 with the ' +
    'current revision, or 412 to If-Match.',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  headers: z.object({
    'If-Match': z.string().max(100).optional().meta({ description: 'The ETag of the graph that you read.' }),
  }),
  body: z.object({
    revision: z.int().min(1).optional(),
    name: GraphName.optional(),
    graph: GraphDocument.optional(),
    visibility: Visibility.optional(),
  }),
  response: SavedGraph,
  async handler({ studio, caller, params, body, request, response }) {
    const mine = ownGraph(caller, params.id)
    const match = request.get('if-match')
    const revision = match === undefined ? body.revision : revisionOf(match)
    if (revision === undefined)
      throw new ProblemError('invalid-request', 'Name the revision that you changed.', {
        remedy: 'Send `revision`, or the ETag of the graph that you read in If-Match.',
        problems: [{ code: 'missing', field: 'revision', message: 'Name the revision that you changed.' }],
      })
    const data: Prisma.GraphUpdateManyMutationInput = { revision: { increment: 1 } }
    if (body.name !== undefined) data.name = body.name
    if (body.visibility !== undefined) data.visibility = body.visibility
    if (body.graph !== undefined) data.document = parseGraph(body.graph)
    const { row, saved } = await studio.db.$transaction(async (tx) => {
      const { count } = await tx.graph.updateMany({ where: { ...mine, revision }, data })
      const row = await tx.graph.findFirst({ where: mine, include: { owner: true } })
      if (row && count === 1)
        await tx.graphRevision.create({
          data: {
            graphId: row.id,
            revision: row.revision,
            document: row.document ?? {},
            savedById: caller.memberId,
          },
        })
      return { row, saved: count === 1 }
    })
    if (!row) throw notFound('graph')
    if (!saved)
      throw new ProblemError(
        match === undefined ? 'revision-clash' : 'precondition-failed',
        `This graph is at revision ${row.revision} now; your change was made to revision ${revision}.`,
        { revision: row.revision, remedy: 'Read the graph again, or save yours as a new one.' },
      )
    response.set('ETag', etagOf(row.revision))
    return describeGraph(row)
  },
})

const etagOf = (revision: number) => `"${revision}"`

/** 0, which no graph has, for what is no ETag of a graph. */
const revisionOf = (etag: string) => Number(/^"([1-9]\d{0,8})"$/.exec(etag)?.[1] ?? 0)

const RevisionSummary = z
  .object({
    revision: z.int(),
    savedById: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'GraphRevisionSummary' })

export const listRevisions = defineRoute({
  operationId: 'listRevisions',
  method: 'get',
  path: '/graphs/:id/revisions',
  tag,
  summary: 'Every saved state of a graph, newest first',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  query: z.object({
    before: z.coerce
      .number()
      .int()
      .min(1)
      .optional()
      .meta({ description: 'The last revision of the page before.' }),
    limit: z.coerce.number().int().min(1).max(100).default(25),
  }),
  response: z.object({ items: z.array(RevisionSummary), nextBefore: z.int().nullable() }),
  async handler({ studio, caller, params, query }) {
    await requireReadable(studio, caller, params.id)
    const rows = await studio.db.graphRevision.findMany({
      where: { graphId: params.id, ...(query.before ? { revision: { lt: query.before } } : {}) },
      select: { revision: true, savedById: true, createdAt: true },
      orderBy: { revision: 'desc' },
      take: query.limit + 1,
    })
    const shown = rows.slice(0, query.limit)
    return {
      items: shown.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() })),
      nextBefore: rows.length > query.limit ? (shown.at(-1)?.revision ?? null) : null,
    }
  },
})

export const readRevision = defineRoute({
  operationId: 'readRevision',
  method: 'get',
  path: '/graphs/:id/revisions/:revision',
  tag,
  summary: 'A graph as it was saved at one revision',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams.extend({ revision: z.coerce.number().int().min(1) }),
  response: RevisionSummary.extend({ graph: GraphShape }),
  async handler({ studio, caller, params }) {
    await requireReadable(studio, caller, params.id)
    const { revision, savedById, createdAt, document } = await findRevision(
      studio,
      params.id,
      params.revision,
    )
    return { revision, savedById, createdAt: createdAt.toISOString(), graph: parseGraph(document) }
  },
})

export const deleteGraph = defineRoute({
  operationId: 'deleteGraph',
  method: 'delete',
  path: '/graphs/:id',
  tag,
  summary: 'Delete a graph; its runs and pictures stay',
  auth: 'use-studio',
  graphBound: true,
  params: IdParams,
  async handler({ studio, caller, params }) {
    const { count } = await studio.db.graph.updateMany({
      where: ownGraph(caller, params.id),
      data: { deletedAt: new Date() },
    })
    if (count === 0) throw notFound('graph')
  },
})

export const checkGraphRoute = defineRoute({
  operationId: 'checkGraph',
  method: 'post',
  path: '/graphs/check',
  audit: false,
  tag,
  summary: 'Everything that keeps a graph from running, or what a run would cost at most',
  auth: 'use-studio',
  scope: 'graphs:read',
  graphBound: true,
  body: z.object({ graph: GraphDocument, ...RunInputs.shape }),
  response: GraphVerdict,
  handler: ({ studio, caller, body: { graph, ...given } }) =>
    judgeGraph(runWorld(studio), caller, graph, given),
})

const ownGraph = ({ memberId, graphIds }: Caller, id: string): Prisma.GraphWhereInput => ({
  AND: graphIds ? { id: { in: [...graphIds] } } : [],
  id,
  ownerId: memberId,
  deletedAt: null,
})

async function findRevision({ db }: Studio, graphId: string, revision: number) {
  const row = await db.graphRevision.findUnique({ where: { graphId_revision: { graphId, revision } } })
  if (!row) throw notFound('revision')
  return row
}

async function requireReadable(studio: Studio, caller: Caller, id: string): Promise<void> {
  const row = await studio.db.graph.findFirst({
    where: { AND: [readableGraphs(caller), { id }] },
    select: { id: true },
  })
  if (!row) throw notFound('graph')
}

/** A graph that does not exist yet is none of those that a key is bound to. */
function refuseBound({ graphIds }: Caller): void {
  if (graphIds)
    throw new ProblemError('not-allowed', 'This API key is bound to some graphs and makes no others.', {
      remedy: 'Use another key.',
    })
}

function parseGraph(document: unknown): Graph {
  const read = readGraph(document)
  if (read.ok) return read.graph
  throw new ProblemError('invalid-graph', 'This is not a graph that the studio can keep.', {
    problems: read.problems,
  })
}

type GraphRow = Prisma.GraphGetPayload<{ include: { owner: true } }>

function describeGraph(row: GraphRow): z.infer<typeof SavedGraph> {
  const graph = parseGraph(row.document)
  return { ...summarise(row), graph, ...graphInterface(graph) }
}

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
