/** The two ends of a run: its plan is opened, and whatever is still open is closed. */
import { Plan, StudioError, type Bookkeeping, type Failure } from '@defect-studio/nodes'
import type { NodeRunState, Prisma, Transaction } from '@defect-studio/prisma'
import { publishRunEvent } from '../events/run-events.ts'
import { releaseIn } from '../ledger/resolve-hold.ts'
import { publishNodeRun } from './node-run-event.ts'
import { openRun } from './open-run.ts'

export async function beginRun(tx: Transaction, runId: string): Promise<Plan> {
  const run = await openRun(tx, runId, 'update')
  if (run.ended)
    throw new StudioError('invalid-input', `Run ${runId} has ended as ${run.status}. Start a new one.`)
  const { plan: stored } = await tx.run.findUniqueOrThrow({ where: { id: runId }, select: { plan: true } })
  const plan = Plan.parse(stored)
  if (run.status === 'running') return plan
  await tx.nodeRun.createMany({
    data: plan.nodes.map(({ id, type, items }) => ({ runId, nodeId: id, type, itemsTotal: items })),
    skipDuplicates: true,
  })
  // Temporal runs it, so it was handed over: also when the answer to the hand-over was lost.
  await tx.$executeRaw`
    UPDATE "Run" SET "status" = 'running', "startedAt" = now(), "dispatchedAt" = COALESCE("dispatchedAt", now())
    WHERE "id" = ${runId}::uuid`
  await publishRunEvent(tx, { type: 'run-status', runId, status: 'running' })
  return plan
}

/** The first end counts; a later one changes nothing. */
export async function endRun(tx: Transaction, input: Parameters<Bookkeeping['endRun']>[0]): Promise<void> {
  const { runId, status, failure } = input
  const run = await openRun(tx, runId, 'update')
  if (run.ended) return
  await tx.nodeRunItem.updateMany({
    where: { runId, state: { in: ['queued', 'holding', 'running'] } },
    data: { state: 'cancelled', endedAt: new Date() },
  })
  const unreached = status === 'cancelled' ? 'cancelled' : 'skipped'
  await closeNodeRuns(tx, runId, ['queued'], unreached)
  await closeNodeRuns(tx, runId, ['holding', 'running'], status === 'failed' ? 'failed' : 'cancelled')
  await tx.run.update({
    where: { id: runId },
    data: { status, endedAt: new Date(), ...(failure ? { failure: failureColumn(failure) } : {}) },
  })
  await publishRunEvent(tx, { type: 'run-status', runId, status })
  const open = await tx.transfer.findMany({
    where: { runId, kind: 'hold', resolution: null },
    select: { id: true },
    orderBy: { createdAt: 'asc' },
  })
  for (const { id } of open) await releaseIn(tx, { holdId: id })
}

async function closeNodeRuns(
  tx: Transaction,
  runId: string,
  from: NodeRunState[],
  to: NodeRunState,
): Promise<void> {
  const closed = await tx.nodeRun.updateManyAndReturn({
    where: { runId, state: { in: from } },
    data: { state: to, endedAt: new Date() },
  })
  for (const nodeRun of closed) await publishNodeRun(tx, nodeRun)
}

export function failureColumn(failure: Failure): Prisma.InputJsonObject {
  return { ...failure }
}
