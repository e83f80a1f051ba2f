/** The two ends of a run: its plan is opened, and whatever is still open is closed. */
import { isFinal, Plan, StudioError, type BegunRun, type Bookkeeping } from '@defect-studio/nodes'
import type { Database, Run, Transaction } from '@defect-studio/prisma'
import { publishRunEvent } from '../events/run-events.ts'
import { retryPassing } from '../retry-transaction.ts'
import { keepableText } from './keepable-text.ts'
import { missingRun } from './run-facts.ts'

export async function beginRun(tx: Transaction, runId: string): Promise<BegunRun> {
  await tx.$queryRaw`SELECT "id" FROM "Run" WHERE "id" = ${runId}::uuid FOR NO KEY UPDATE`
  const run = await tx.run.findUnique({ where: { id: runId } })
  if (!run) throw missingRun(runId)
  if (isFinal(run.status))
    throw new StudioError('invalid-input', `Run ${runId} has ended as ${run.status}. Start a new one.`)
  const begun = describe(run)
  if (run.status === 'running') return begun
  await tx.nodeRun.createMany({
    data: begun.plan.nodes.map(({ id, type, items }) => ({ runId, nodeId: id, type, itemsTotal: items })),
    skipDuplicates: true,
  })
  // Temporal runs it, so it was handed over: also when the answer to the hand-over was lost.
  await tx.$executeRaw`
    UPDATE "Run" SET "status" = 'running', "startedAt" = now(), "dispatchedAt" = COALESCE("dispatchedAt", now())
    WHERE "id" = ${runId}::uuid`
  await publishRunEvent(tx, { type: 'run-status', runId, status: 'running' })
  return begun
}

export async function readRun(db: Database, runId: string): Promise<BegunRun> {
  const run = await db.run.findUnique({ where: { id: runId } })
  if (!run) throw missingRun(runId)
  return describe(run)
}

function describe({ plan, departmentId, priority, pausedAt }: Run): BegunRun {
  return { plan: Plan.parse(plan), departmentId, priority, paused: pausedAt !== null }
}

/**
 * The first end counts; a later one changes nothing. What succeeded of a hold that is still open is captured, the rest
 * of it goes back.
 */
export async function endRun(db: Database, input: Parameters<Bookkeeping['endRun']>[0]): Promise<void> {
  const { runId, status, failure } = input
  const why = failure ? keepableText(failure) : null
  await retryPassing(
    () => db.$queryRaw`SELECT end_run(${runId}::uuid, ${status}::"RunStatus", ${why}::jsonb)`,
  )
}
