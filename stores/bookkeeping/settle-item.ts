/** After an item's work: what it became is published and paid for, or it is given up and costs nothing. */
import { StudioError, type Bookkeeping } from '@defect-studio/nodes'
import type { NodeRunItem, Transaction } from '@defect-studio/prisma'
import { registerArtifacts } from '../artifacts/register-artifact.ts'
import { microPerToken } from '../ledger/ledger.ts'
import { captureIn, releaseIn } from '../ledger/resolve-hold.ts'
import { outputsColumn, picturesOf } from './item-outputs.ts'
import { itemKey, lockItem } from './lock-item.ts'
import { lockNodeRun, publishNodeRun } from './node-run-event.ts'
import { openRun } from './open-run.ts'
import { recordIncident } from './record-incident.ts'
import { failureColumn } from './run-ends.ts'

export async function settleItem(
  tx: Transaction,
  input: Parameters<Bookkeeping['settleItem']>[0],
): Promise<void> {
  const { task, holdId, price, outputs } = input
  const { runId, nodeId } = task
  const run = await openRun(tx, runId, 'share')
  const item = await lockItem(tx, task)
  if (item.state === 'succeeded') return
  const late = run.ended ? `the run had ended as ${run.status}` : lateness(item, holdId)
  if (late !== null) {
    await recordIncident(tx, {
      id: `late-settle:${runId}:${nodeId}:${task.itemIndex}:${holdId ?? 'free'}`,
      what: `Work came back when ${late}: it was neither published nor charged.`,
      details: { runId, nodeId, itemIndex: task.itemIndex, holdId },
    })
    return
  }
  if (price > 0 && holdId === null)
    throw new StudioError('internal', `Item ${task.itemIndex} of node "${nodeId}" has a price and no hold.`)
  const cost = BigInt(price) * microPerToken
  await tx.nodeRunItem.update({
    where: itemKey(task),
    data: { state: 'succeeded', outputs: outputsColumn(outputs), cost, endedAt: new Date() },
  })
  const before = await lockNodeRun(tx, runId, nodeId)
  const itemsDone = before.itemsDone + 1
  const after = await tx.nodeRun.update({
    where: { runId_nodeId: { runId, nodeId } },
    data: { itemsDone, itemsTotal: Math.max(before.itemsTotal, itemsDone), cost: before.cost + cost },
  })
  await registerArtifacts(tx, picturesOf(outputs), { memberId: run.ownerId, departmentId: run.departmentId })
  await publishNodeRun(tx, after)
  if (holdId !== null) await captureIn(tx, { holdId, amount: cost })
}

/** Why the work is too late, or null: it belongs to the execution that is under way. */
function lateness(item: NodeRunItem, holdId: string | null): string | null {
  if (item.state === 'failed' || item.state === 'cancelled') return 'the item had been given up'
  return item.holdId === holdId ? null : 'the item had been given up and begun again'
}

/** What was settled stays settled; a hold that is still open goes back. */
export async function abandonItem(
  tx: Transaction,
  input: Parameters<Bookkeeping['abandonItem']>[0],
): Promise<void> {
  const { task, state, failure } = input
  const run = await openRun(tx, task.runId, 'share')
  if (run.ended) return
  const item = await lockItem(tx, task)
  if (item.state === 'succeeded' || item.state === 'failed' || item.state === 'cancelled') return
  await tx.nodeRunItem.update({
    where: itemKey(task),
    data: { state, endedAt: new Date(), ...(failure ? { failure: failureColumn(failure) } : {}) },
  })
  if (item.holdId !== null) await releaseIn(tx, { holdId: item.holdId })
}
