/** Asks the workflows of runs that people cancelled to stop. */
import { endRun } from '@defect-studio/stores'
import type { DispatcherWorld } from '../dispatch-runs.ts'
import { inLanes } from './keep-up.ts'
import { cancelWorkflow } from './run-workflow.ts'

const page = 200
const lanes = 8

export async function passOnCancels({ db, temporal }: DispatcherWorld): Promise<void> {
  const runs = await db.run.findMany({
    where: {
      cancelAskedAt: { not: null },
      dispatchedAt: { not: null },
      status: { in: ['queued', 'running'] },
    },
    orderBy: { cancelAskedAt: 'desc' },
    take: page,
    select: { id: true },
  })
  await inLanes(lanes, runs, async ({ id }) => {
    // Asking again is harmless.
    if (await cancelWorkflow(temporal, id)) return
    // A workflow closes the books before it ends. This one was terminated or lost, and nobody else will: the tokens
    // that it holds go back. If the books were closed in this moment, closing them again does nothing.
    await endRun(db, { runId: id, status: 'cancelled' })
  })
}
