/** Publishes a node run as it stands now. */
import { StudioError } from '@defect-studio/nodes'
import type { NodeRun, Transaction } from '@defect-studio/prisma'
import { publishRunEvent } from '../events/run-events.ts'

export async function publishNodeRun(tx: Transaction, nodeRun: NodeRun): Promise<void> {
  const { runId, nodeId, state, itemsDone, itemsTotal } = nodeRun
  await publishRunEvent(tx, { type: 'node-run-state', runId, nodeId, state, itemsDone, itemsTotal })
}

/** Reads the node run and locks it until the transaction ends. */
export async function lockNodeRun(tx: Transaction, runId: string, nodeId: string): Promise<NodeRun> {
  await tx.$queryRaw`
    SELECT "nodeId" FROM "NodeRun" WHERE "runId" = ${runId}::uuid AND "nodeId" = ${nodeId} FOR NO KEY UPDATE`
  const nodeRun = await tx.nodeRun.findUnique({ where: { runId_nodeId: { runId, nodeId } } })
  if (!nodeRun) throw new StudioError('invalid-graph', `Run ${runId} has no node "${nodeId}" in its plan.`)
  return nodeRun
}
