/** Reads one item of a node run under a lock, so that its state changes one step at a time. */
import type { TaskRef } from '@defect-studio/nodes'
import type { NodeRunItem, Transaction } from '@defect-studio/prisma'

/** @returns the item, made in state 'holding' when nobody has worked on it yet. */
export async function lockItem(tx: Transaction, task: TaskRef): Promise<NodeRunItem> {
  const { runId, nodeId, itemIndex: index, itemName: name } = task
  await tx.$executeRaw`
    INSERT INTO "NodeRunItem" ("runId", "nodeId", "index", "name", "state", "startedAt")
    VALUES (${runId}::uuid, ${nodeId}, ${index}, ${name}, 'holding', now())
    ON CONFLICT DO NOTHING`
  await tx.$queryRaw`
    SELECT "index" FROM "NodeRunItem"
    WHERE "runId" = ${runId}::uuid AND "nodeId" = ${nodeId} AND "index" = ${index} FOR NO KEY UPDATE`
  return tx.nodeRunItem.findUniqueOrThrow({ where: itemKey(task) })
}

export function itemKey(task: TaskRef) {
  const { runId, nodeId, itemIndex: index } = task
  return { runId_nodeId_index: { runId, nodeId, index } }
}
