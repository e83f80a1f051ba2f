/** Reads what a big run made page by page: the items of a node, and the things of a declared output. */
import { findDefinition, type NodeRunState } from '@defect-studio/nodes'
import type { Prisma } from '@defect-studio/prisma'
import { readCollection } from '@defect-studio/stores'
import type { z } from 'zod'
import type { NodeItem, OutputPage } from '../shapes/node-item.ts'
import { toTokens } from '../shapes/tokens.ts'
import { describePort, listedItem, type OutputWorld, portType } from './output-items.ts'
import { readFailure, readOutputs, readPlan } from './stored-shapes.ts'

interface Page {
  /** Where the page before ended. */
  cursor: number | undefined
  limit: number
}

/** @param where of the run, narrowed to what the caller may see; null when there is no such run or node. */
export async function nodeItems(
  world: OutputWorld,
  where: Prisma.RunWhereInput,
  nodeId: string,
  { cursor, limit, state }: Page & { state: NodeRunState | undefined },
): Promise<{ items: z.input<typeof NodeItem>[]; nextCursor: number | null } | null> {
  const run = await world.db.run.findFirst({ where, select: { id: true, plan: true } })
  const node = run && readPlan(run.plan).nodes.find((one) => one.id === nodeId)
  if (!node) return null
  const rows = await world.db.nodeRunItem.findMany({
    where: {
      runId: run.id,
      nodeId,
      ...(state ? { state } : {}),
      ...(cursor === undefined ? {} : { index: { gt: cursor } }),
    },
    orderBy: { index: 'asc' },
    take: limit + 1,
  })
  const shown = rows.slice(0, limit)
  const ports = Object.keys(findDefinition(node.type)?.outputs ?? {})
  return {
    items: await Promise.all(
      shown.map(async (row) => ({
        index: row.index,
        name: row.name,
        state: row.state,
        worker: row.worker,
        cost: toTokens(row.cost),
        saved: toTokens(row.saved),
        failure: readFailure(row.failure),
        startedAt: row.startedAt?.toISOString() ?? null,
        endedAt: row.endedAt?.toISOString() ?? null,
        outputs: await Promise.all(
          ports.map(async (port) => ({
            port,
            type: portType(node.type, port),
            items: (await describePort(world, [row], node.type, port, 100)).items,
          })),
        ),
      })),
    ),
    nextCursor: rows.length > limit ? (shown.at(-1)?.index ?? null) : null,
  }
}

/** @returns null when there is no such run or output. */
export async function outputPage(
  world: OutputWorld,
  where: Prisma.RunWhereInput,
  name: string,
  { cursor, limit }: Page,
): Promise<z.input<typeof OutputPage> | null> {
  const run = await world.db.run.findFirst({ where, select: { id: true, plan: true } })
  const plan = run && readPlan(run.plan)
  const output = plan?.outputs.find((one) => one.name === name)
  if (!run || !output) return null
  const { nodeId, port } = output
  const nodeType = plan?.nodes.find((node) => node.id === nodeId)?.type ?? ''
  const type = portType(nodeType, port)
  const stored = await storedList(world, run.id, nodeId, port)
  if (stored) {
    const from = cursor ?? 0
    const { items } = await readCollection(world.artifacts, stored)
    return {
      type,
      items: items.slice(from, from + limit).map((item) => listedItem(item, world.links)),
      nextCursor: from + limit < items.length ? from + limit : null,
    }
  }
  const rows = await world.db.nodeRunItem.findMany({
    where: {
      runId: run.id,
      nodeId,
      state: { in: ['succeeded', 'cached'] },
      ...(cursor === undefined ? {} : { index: { gt: cursor } }),
    },
    orderBy: { index: 'asc' },
    take: limit + 1,
    select: { nodeId: true, index: true, outputs: true, worker: true },
  })
  const shown = rows.slice(0, limit)
  const { items } = await describePort(world, shown, nodeType, port, Infinity)
  return { type, items, nextCursor: rows.length > limit ? (shown.at(-1)?.index ?? null) : null }
}

/** A node that takes wholes hands on one list, which lies in the store. */
async function storedList({ db }: OutputWorld, runId: string, nodeId: string, port: string) {
  const row = await db.nodeRunItem.findUnique({
    where: { runId_nodeId_index: { runId, nodeId, index: 0 } },
    select: { outputs: true },
  })
  return row ? readOutputs(row.outputs)[port]?.[0]?.stored : undefined
}
