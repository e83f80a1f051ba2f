/** Puts a run together as people see it: its nodes with their states, and what came out of them. */
import { findDefinition } from '@defect-studio/nodes'
import type { Prisma, PrismaClient, Run } from '@defect-studio/prisma'
import type { z } from 'zod'
import type { NodeRunView, RunDetail, RunSummary } from '../shapes/run.ts'
import { toTokens } from '../shapes/tokens.ts'
import { describePort, firstItems, type ItemRow, type OutputWorld, portType } from './output-items.ts'
import { readFailure, readPlan, readRunGraph, type ShownPlan } from './stored-shapes.ts'

/** Enough to fill a node's strip of pictures. */
const shownItems = 50
/** Of a declared output; the rest is read page by page. */
const declaredItems = 1000
/** Beyond it what left a node is not counted one by one. */
const countedItems = 500

/** Of each node of a run, what a list of runs adds up. */
const counts = {
  select: { cost: true, itemsTotal: true, itemsDone: true, itemsFailed: true, itemsCached: true },
} satisfies Prisma.Run$nodeRunsArgs

/** A list shows neither of them, and they are most of a run's bytes. */
export const summaryOfRun = {
  include: { nodeRuns: counts },
  omit: { document: true, plan: true },
} satisfies Prisma.RunDefaultArgs
type SummaryRow = Prisma.RunGetPayload<typeof summaryOfRun>

type NodeRow = Prisma.NodeRunGetPayload<object>

/** @param where narrows to what the caller may see; null when there is no such run. */
export async function findRun(world: OutputWorld, where: Prisma.RunWhereInput): Promise<RunDetail | null> {
  const run = await world.db.run.findFirst({ where, include: { nodeRuns: true } })
  return run && describeRun(world, run)
}

/** A run that was written down just now, without asking for it again. */
export const describeNewRun = (world: OutputWorld, run: Run): Promise<RunDetail> =>
  describeRun(world, { ...run, nodeRuns: [] })

async function describeRun(world: OutputWorld, run: Run & { nodeRuns: NodeRow[] }): Promise<RunDetail> {
  const plan = readPlan(run.plan)
  const declared = new Set(plan.outputs.map(({ nodeId }) => nodeId))
  const rows = new Map(run.nodeRuns.map((row) => [row.nodeId, row]))
  const begun = plan.nodes.filter((node) => (rows.get(node.id)?.itemsDone ?? 0) > 0)
  const [items, totals, retries] = await Promise.all([
    firstItems(
      world.db,
      run.id,
      begun.map(({ id }) => ({ nodeId: id, most: declared.has(id) ? declaredItems : shownItems })),
    ),
    portTotals(world.db, run.id, begun, rows),
    run.startedAt === null ? [] : retriesOf(world.db, run),
  ])
  const shown = { plan, rows, items, totals }
  return {
    ...summariseRun(run),
    graph: readRunGraph(run.document),
    nodeRuns: await Promise.all(plan.nodes.map((node) => describeNode(world, node, shown))),
    outputs: await Promise.all(plan.outputs.map((output) => describeOutput(world, output, shown))),
    retries: retries.map(({ id }) => id),
  }
}

export function summariseRun(run: SummaryRow): z.infer<typeof RunSummary> {
  const sum = (pick: (node: SummaryRow['nodeRuns'][number]) => number) =>
    run.nodeRuns.reduce((total, node) => total + pick(node), 0)
  return {
    id: run.id,
    graphId: run.graphId,
    graphName: run.graphName,
    graphRevision: run.graphRevision,
    status: run.status,
    paused: run.pausedAt !== null,
    priority: run.priority,
    trigger: run.trigger,
    reference: run.reference,
    parentRunId: run.parentRunId,
    batchId: run.batchId,
    scheduleId: run.scheduleId,
    quote: run.quote,
    cost: toTokens(run.nodeRuns.reduce((total, node) => total + node.cost, 0n)),
    saved: toTokens(run.saved),
    kept: run.keptAt !== null,
    items: {
      total: sum((node) => node.itemsTotal),
      done: sum((node) => node.itemsDone),
      failed: sum((node) => node.itemsFailed),
      cached: sum((node) => node.itemsCached),
    },
    failure: readFailure(run.failure),
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    cancelAskedAt: run.cancelAskedAt?.toISOString() ?? null,
  }
}

/** Nobody takes up again what has not begun. */
const retriesOf = (db: PrismaClient, run: Run) =>
  db.run.findMany({
    where: { parentRunId: run.id, ownerId: run.ownerId },
    orderBy: { createdAt: 'desc' },
    take: 50,
    select: { id: true },
  })

type ShownNode = ShownPlan['nodes'][number]

interface Shown {
  plan: ShownPlan
  rows: ReadonlyMap<string, NodeRow>
  items: ReadonlyMap<string, ItemRow[]>
  /** `nodeId port` → how many things left it. */
  totals: ReadonlyMap<string, number>
}

async function describeNode(world: OutputWorld, node: ShownNode, shown: Shown): Promise<NodeRunView> {
  const rows = (shown.items.get(node.id) ?? []).slice(0, shownItems)
  const ports = Object.keys(findDefinition(node.type)?.outputs ?? {})
  return {
    nodeId: node.id,
    type: node.type,
    title: node.title,
    ...describeState(shown.rows.get(node.id), node.items),
    outputs: await Promise.all(
      ports.map(async (port) => {
        const { items, stored } = await describePort(world, rows, node.type, port, shownItems)
        const total = stored ?? shown.totals.get(`${node.id} ${port}`) ?? items.length
        return { port, type: portType(node.type, port), total, items }
      }),
    ),
  }
}

async function describeOutput(
  world: OutputWorld,
  { name, nodeId, port }: ShownPlan['outputs'][number],
  shown: Shown,
): Promise<RunDetail['outputs'][number]> {
  const nodeType = shown.plan.nodes.find((node) => node.id === nodeId)?.type ?? ''
  const rows = shown.items.get(nodeId) ?? []
  const { items, stored } = await describePort(world, rows, nodeType, port, declaredItems)
  const total = stored ?? shown.totals.get(`${nodeId} ${port}`) ?? items.length
  return { name, nodeId, port, type: portType(nodeType, port), total, items }
}

/** Counted, or for long lists worked out: each item that succeeded became as many as its node makes of one. */
async function portTotals(
  db: PrismaClient,
  runId: string,
  nodes: readonly ShownNode[],
  rows: ReadonlyMap<string, NodeRow>,
): Promise<Map<string, number>> {
  const totals = new Map<string, number>()
  if (nodes.length === 0) return totals
  const counted: string[] = []
  for (const node of nodes) {
    const row = rows.get(node.id)
    if (!row || row.itemsTotal <= countedItems) counted.push(node.id)
    else
      for (const port of Object.keys(findDefinition(node.type)?.outputs ?? {}))
        totals.set(`${node.id} ${port}`, row.itemsDone * node.fanOut)
  }
  const sums = await db.$queryRaw<{ nodeId: string; port: string; total: number }[]>`
    SELECT "nodeId", port.key AS "port", sum(jsonb_array_length(port.value))::int AS "total"
    FROM "NodeRunItem", jsonb_each("outputs") AS port
    WHERE "runId" = ${runId}::uuid AND "nodeId" = ANY(${counted}) AND "state" IN ('succeeded', 'cached')
    GROUP BY "nodeId", port.key`
  for (const { nodeId, port, total } of sums) totals.set(`${nodeId} ${port}`, total)
  return totals
}

/** A node that nobody has come to yet has no row: it is queued. */
function describeState(
  row: NodeRow | undefined,
  items: number,
): Omit<NodeRunView, 'nodeId' | 'type' | 'title' | 'outputs'> {
  return {
    state: row?.state ?? 'queued',
    itemsTotal: row?.itemsTotal ?? items,
    itemsDone: row?.itemsDone ?? 0,
    itemsCached: row?.itemsCached ?? 0,
    itemsFailed: row?.itemsFailed ?? 0,
    cost: toTokens(row?.cost ?? 0n),
    saved: toTokens(row?.saved ?? 0n),
    failure: readFailure(row?.failure ?? null),
    startedAt: row?.startedAt?.toISOString() ?? null,
    endedAt: row?.endedAt?.toISOString() ?? null,
  }
}
