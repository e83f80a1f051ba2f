/** What a scrape asks the database and Temporal for: a few short questions, none of them longer than a glance. */
import type { PrismaClient } from '@defect-studio/prisma'
import { serverGoneMs } from '@defect-studio/stores'
import {
  gpuTaskQueue,
  graphTaskQueue,
  ioTaskQueue,
  serverTaskQueue,
  trainingTaskQueue,
} from '@defect-studio/workflows/run-messages'
import type { Client } from '@temporalio/client'

const microTokens = 1_000_000
/** Numbers of temporal.api.enums.v1.TaskQueueType. */
const queueTypes = { workflow: 1, activity: 2 } as const

export interface QueueFigures {
  queue: string
  /** Tasks that wait. */
  depth: number
  /** Seconds that the first of them has waited. */
  waitSeconds: number
  /** Tasks a second, over the last half minute. */
  added: number
  dispatched: number
}

/** As the server estimates them. `graph` is without the tasks of runs that a worker has in its cache. */
export async function readQueues(
  temporal: Client,
  namespace: string,
  serverIds: readonly string[],
): Promise<QueueFigures[]> {
  const queues = [ioTaskQueue, gpuTaskQueue, trainingTaskQueue, ...serverIds.map(serverTaskQueue)]
  return Promise.all([
    readQueue(temporal, { namespace, queue: graphTaskQueue, type: 'workflow' }),
    ...queues.map((queue) => readQueue(temporal, { namespace, queue, type: 'activity' })),
  ])
}

async function readQueue(
  temporal: Client,
  { namespace, queue, type }: { namespace: string; queue: string; type: keyof typeof queueTypes },
): Promise<QueueFigures> {
  const { stats } = await temporal.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: queueTypes[type],
    reportStats: true,
  })
  const age = stats?.approximateBacklogAge
  return {
    queue,
    depth: Number(stats?.approximateBacklogCount ?? 0),
    waitSeconds: Number(age?.seconds ?? 0) + (age?.nanos ?? 0) / 1e9,
    added: stats?.tasksAddRate ?? 0,
    dispatched: stats?.tasksDispatchRate ?? 0,
  }
}

/** Servers that were seen lately, and those that are gone. */
export async function readServers(db: PrismaClient): Promise<{ id: string; isOnline: boolean }[]> {
  const rows = await db.gpuServer.findMany({ select: { id: true, lastSeenAt: true }, orderBy: { id: 'asc' } })
  return rows.map(({ id, lastSeenAt }) => ({
    id,
    isOnline: Date.now() - lastSeenAt.getTime() < serverGoneMs,
  }))
}

export async function readRuns(db: PrismaClient): Promise<{ status: string; count: number }[]> {
  const groups = await db.run.groupBy({ by: ['status'], _count: true })
  return groups.map(({ status, _count }) => ({ status, count: _count }))
}

export type TokenFigures = Record<'issued' | 'held' | 'captured' | 'expired' | 'saved', number>

/** Whole and parts of tokens, as the accounts have them now. */
export async function readTokens(db: PrismaClient): Promise<TokenFigures> {
  const [accounts, { _sum: runs }] = await Promise.all([
    db.account.groupBy({ by: ['kind'], _sum: { posted: true, pending: true } }),
    db.run.aggregate({ _sum: { saved: true } }),
  ])
  const posted = (kind: string) =>
    Number(accounts.find((account) => account.kind === kind)?._sum.posted ?? 0n) / microTokens
  const held = accounts.reduce((sum, { _sum }) => sum + (_sum.pending ?? 0n), 0n)
  return {
    // Every token comes from the issuer, who alone may owe.
    issued: Math.abs(posted('issuer')),
    held: Number(held) / microTokens,
    captured: posted('revenue'),
    expired: posted('expired'),
    saved: Number(runs.saved ?? 0n) / microTokens,
  }
}
