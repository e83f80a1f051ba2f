/** Writes a node's state as people see it; a node that has ended stays as it ended. */
import type { Bookkeeping } from '@defect-studio/nodes'
import type { Transaction } from '@defect-studio/prisma'
import { lockNodeRun, publishNodeRun } from './node-run-event.ts'
import { openRun } from './open-run.ts'
import { failureColumn } from './run-ends.ts'

export async function markNode(
  tx: Transaction,
  input: Parameters<Bookkeeping['markNode']>[0],
): Promise<void> {
  const { runId, nodeId, state, itemsTotal, failure } = input
  const run = await openRun(tx, runId, 'share')
  // An attempt that was thought lost may come after the end: it must not bring the node back to life.
  if (run.ended) return
  const before = await lockNodeRun(tx, runId, nodeId)
  const begun = before.state === 'queued' || before.state === 'holding' || before.state === 'running'
  if (!begun) return
  const now = new Date()
  const after = await tx.nodeRun.update({
    where: { runId_nodeId: { runId, nodeId } },
    data: {
      state,
      itemsTotal: Math.max(itemsTotal, before.itemsDone),
      ...(failure ? { failure: failureColumn(failure) } : {}),
      ...(state === 'running' ? { startedAt: before.startedAt ?? now } : { endedAt: now }),
    },
  })
  await publishNodeRun(tx, after)
}
