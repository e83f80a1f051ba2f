/** Puts a run together as people see it: its nodes with their states, and what came out of them. */
import { findDefinition, type PortType } from '@defect-studio/nodes'
import type { Prisma, PrismaClient } from '@defect-studio/prisma'
import type { z } from 'zod'
import type { ArtifactLinks } from '../artifacts/artifact-links.ts'
import type { NodeRunView, OutputItem, RunDetail, RunSummary } from '../shapes/run.ts'
import { toTokens } from '../shapes/tokens.ts'
import { readFailure, readOutputs, readPlan, readRunGraph, type StoredItem } from './stored-shapes.ts'

/** Enough to fill a node's strip of pictures; declared outputs are given whole. */
const shownItems = 50

const withNodes = {
  nodeRuns: { include: { items: { orderBy: { index: 'asc' } } } },
} satisfies Prisma.RunInclude
type RunRow = Prisma.RunGetPayload<{ include: typeof withNodes }>
type NodeRow = RunRow['nodeRuns'][number]

/** @param where narrows to what the caller may see; null when there is no such run. */
export async function findRun(
  { db, links }: { db: PrismaClient; links: ArtifactLinks },
  where: Prisma.RunWhereInput,
): Promise<RunDetail | null> {
  const row = await db.run.findFirst({ where, include: withNodes })
  return row && describeRun(row, links)
}

export function summariseRun(
  run: Omit<RunRow, 'nodeRuns'> & { nodeRuns: { cost: bigint }[] },
): z.infer<typeof RunSummary> {
  return {
    id: run.id,
    graphId: run.graphId,
    graphName: run.graphName,
    status: run.status,
    quote: run.quote,
    cost: toTokens(run.nodeRuns.reduce((sum, node) => sum + node.cost, 0n)),
    failure: readFailure(run.failure),
    createdAt: run.createdAt.toISOString(),
    startedAt: run.startedAt?.toISOString() ?? null,
    endedAt: run.endedAt?.toISOString() ?? null,
    cancelAskedAt: run.cancelAskedAt?.toISOString() ?? null,
  }
}

function describeRun(run: RunRow, links: ArtifactLinks): RunDetail {
  const plan = readPlan(run.plan)
  const rows = new Map(run.nodeRuns.map((row) => [row.nodeId, row]))
  // By node, the outputs of each of its items, in order.
  const results = new Map(
    run.nodeRuns.map((row) => [row.nodeId, row.items.map((item) => readOutputs(item.outputs))]),
  )
  const types = new Map(plan.nodes.map((node) => [node.id, node.type]))
  const itemsOf = (nodeId: string, port: string): OutputItem[] =>
    describeItems(results.get(nodeId) ?? [], types.get(nodeId) ?? '', port, links)
  return {
    ...summariseRun(run),
    graph: readRunGraph(run.document),
    nodeRuns: plan.nodes.map((node) => ({
      nodeId: node.id,
      type: node.type,
      title: node.title,
      ...describeState(rows.get(node.id), node.items),
      outputs: Object.keys(findDefinition(node.type)?.outputs ?? {}).map((port) => {
        const items = itemsOf(node.id, port)
        return {
          port,
          type: portType(node.type, port),
          total: items.length,
          items: items.slice(0, shownItems),
        }
      }),
    })),
    outputs: plan.outputs.map(({ name, nodeId, port }) => ({
      name,
      nodeId,
      port,
      type: portType(types.get(nodeId) ?? '', port),
      items: itemsOf(nodeId, port),
    })),
  }
}

/** A node that nobody has come to yet has no row: it is queued. */
function describeState(
  row: NodeRow | undefined,
  items: number,
): Omit<NodeRunView, 'nodeId' | 'type' | 'title' | 'outputs'> {
  if (!row)
    return {
      state: 'queued',
      itemsTotal: items,
      itemsDone: 0,
      cost: 0,
      failure: null,
      startedAt: null,
      endedAt: null,
    }
  return {
    state: row.state,
    itemsTotal: row.itemsTotal,
    itemsDone: row.itemsDone,
    cost: toTokens(row.cost),
    failure: readFailure(row.failure),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}

function portType(nodeType: string, port: string): PortType {
  return findDefinition(nodeType)?.outputs[port]?.type ?? 'image'
}

/** The things on one output port; a picture comes with the mask that the same item made, when the node makes one. */
function describeItems(
  results: Record<string, StoredItem[]>[],
  nodeType: string,
  port: string,
  links: ArtifactLinks,
): OutputItem[] {
  const outputs = findDefinition(nodeType)?.outputs ?? {}
  const maskPort =
    outputs[port]?.type === 'image'
      ? Object.keys(outputs).find((one) => outputs[one]?.type === 'mask')
      : undefined
  return results.flatMap((result) =>
    (result[port] ?? []).map(({ name, value, made }, index): OutputItem => {
      const about = { name, ...(made ? { made } : {}) }
      if (typeof value === 'string') return { ...about, text: value }
      const mask = maskPort === undefined ? undefined : result[maskPort]?.[index]?.value
      return {
        ...about,
        image: links.picture(value),
        ...(mask === undefined || typeof mask === 'string' ? {} : { mask: links.picture(mask) }),
      }
    }),
  )
}
