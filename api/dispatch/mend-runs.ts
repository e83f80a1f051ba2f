/**
 * Looks after runs that nobody would ever end, and whose tokens would be held for ever: their workflow was terminated,
 * the Temporal server lost it with its last transactions in a power cut, or an earlier version of the studio planned it.
 */
import type { Failure } from '@defect-studio/nodes'
import { endRun } from '@defect-studio/stores'
import type { DispatcherWorld } from '../dispatch-runs.ts'
import { startWorkflow, terminateWorkflow, workflowState } from './run-workflow.ts'

const page = 200
/** A run that was handed over so long ago has its workflow, or has lost it. */
const settledMs = 60_000

/**
 * A lost workflow begins again and passes over what the books have as done; a terminated one has failed.
 * @param now milliseconds since 1970.
 */
export async function mendRuns(world: DispatcherWorld, now = Date.now()): Promise<void> {
  await endEarlierPlans(world)
  const { db, temporal, log } = world
  const runs = await db.run.findMany({
    where: {
      dispatchedAt: { lt: new Date(now - settledMs) },
      status: { in: ['queued', 'running'] },
      cancelAskedAt: null,
    },
    orderBy: { dispatchedAt: 'asc' },
    take: page,
    select: { id: true, departmentId: true, ownerId: true, graphId: true, priority: true },
  })
  for (const run of runs) {
    const state = await workflowState(temporal, run.id)
    if (state === 'running') continue
    log.warn({ runId: run.id, workflow: state }, 'a run had lost its workflow')
    if (state === 'missing') await startWorkflow(temporal, run)
    // A workflow that ended by itself has closed the books before, and this changes nothing.
    else await endRun(db, { runId: run.id, status: 'failed', failure: stoppedFromOutside })
  }
}

/** Its history was written by other workflow code: going on with it would stop at the first step, for ever. */
async function endEarlierPlans({ db, temporal, log }: DispatcherWorld): Promise<void> {
  const runs = await db.$queryRaw<{ id: string }[]>`
    SELECT "id"::text FROM "Run"
    WHERE "status" IN ('queued', 'running') AND ("plan" ->> 'planVersion')::int = 1 LIMIT ${page}`
  for (const { id } of runs) {
    log.warn({ runId: id }, 'a run of an earlier version is ended')
    await terminateWorkflow(temporal, id, 'The studio was updated.')
    await endRun(db, { runId: id, status: 'failed', failure: updatedMeanwhile })
  }
}

const stoppedFromOutside: Failure = {
  type: 'internal',
  message: 'The run was stopped from outside before it had ended. What was not done is not charged.',
  remedy: 'Run it again.',
}

const updatedMeanwhile: Failure = {
  type: 'internal',
  message: 'The studio was updated while this run was under way. What was not done is not charged.',
  remedy: 'Run it again.',
}
