/** Writes the message to whoever asked to be told of a run's end: once, in the transaction that strikes it off. */
import { FailureShape } from '@defect-studio/nodes'
import { microPerToken, queueDelivery, retryTransaction } from '@defect-studio/stores'
import { z } from 'zod'
import type { DispatcherWorld } from '../dispatch-runs.ts'
import { inLanes } from './keep-up.ts'

const page = 200
const lanes = 4

const Callback = z.object({ url: z.string(), secretName: z.string().nullable() })

export async function oweCallbacks({ db, log }: Pick<DispatcherWorld, 'db' | 'log'>): Promise<void> {
  const owed = await db.run.findMany({
    where: { callbackOwed: true, endedAt: { not: null } },
    orderBy: { endedAt: 'asc' },
    take: page,
    select: { id: true },
  })
  await inLanes(lanes, owed, async ({ id }) => {
    await retryTransaction(db, async (tx) => {
      const { count } = await tx.run.updateMany({
        where: { id, callbackOwed: true },
        data: { callbackOwed: false },
      })
      if (count === 0) return
      const run = await tx.run.findUniqueOrThrow({
        where: { id },
        include: { nodeRuns: { select: { cost: true } } },
      })
      const callback = Callback.parse(run.callback)
      const secret =
        callback.secretName === null
          ? null
          : await tx.webhookSecret.findUnique({
              where: {
                departmentId_name: { departmentId: run.departmentId, name: callback.secretName },
              },
            })
      // Unsigned where a signature was promised, it could not be told from a forged one.
      if (callback.secretName !== null && !secret)
        return log.warn({ runId: id }, 'a callback is not sent: its secret was deleted')
      const failure = run.failure === null ? null : FailureShape.parse(run.failure)
      const cost = run.nodeRuns.reduce((sum, node) => sum + node.cost, 0n)
      await queueDelivery(tx, {
        key: `run-ended:${id}`,
        url: callback.url,
        sealedSecret: secret?.sealed ?? null,
        runId: id,
        departmentId: run.departmentId,
        body: {
          type: 'run.ended',
          timestamp: (run.endedAt ?? new Date()).toISOString(),
          data: {
            runId: id,
            reference: run.reference,
            graphId: run.graphId,
            graphRevision: run.graphRevision,
            batchId: run.batchId,
            status: run.status,
            cost: Number(cost) / Number(microPerToken),
            saved: Number(run.saved) / Number(microPerToken),
            failure,
          },
        },
      })
    })
  })
}
