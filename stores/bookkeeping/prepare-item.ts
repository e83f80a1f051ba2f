/** Before an item's work: its tokens are held, or it turns out that the work was done already. */
import { failureTypes, type Bookkeeping, type Failure, type TaskRef } from '@defect-studio/nodes'
import type { Transaction } from '@defect-studio/prisma'
import { holdIn } from '../ledger/hold-tokens.ts'
import { microPerToken } from '../ledger/ledger.ts'
import { itemKey, lockItem } from './lock-item.ts'
import { openRun } from './open-run.ts'
import { readOutputs } from './item-outputs.ts'

type Prepared = Awaited<ReturnType<Bookkeeping['prepareItem']>>

export async function prepareItem(
  tx: Transaction,
  { task, price }: { task: TaskRef; price: number },
): Promise<Prepared> {
  const { runId, nodeId } = task
  const run = await openRun(tx, runId, 'share')
  if (run.ended) return { kind: 'refused', failure: afterTheEnd(run) }
  const item = await lockItem(tx, task)
  if (item.state === 'succeeded') return { kind: 'done', outputs: readOutputs(item.outputs) }
  // An item that was given up and is tried again gets a hold of its own: the earlier one was given back.
  const givenUp = item.state === 'failed' || item.state === 'cancelled'
  const execution = givenUp ? item.execution + 1 : item.execution
  let holdId: string | null = null
  if (price > 0) {
    const amount = BigInt(price) * microPerToken
    const idem = holdKey(task, execution)
    const hold = await holdIn(tx, { idem, memberId: run.ownerId, amount, runId, nodeId })
    if (!hold.ok) return { kind: 'refused', failure: tooFewTokens(price, hold.available) }
    holdId = hold.holdId
  }
  await tx.nodeRunItem.update({
    where: itemKey(task),
    data: {
      state: 'running',
      holdId,
      execution,
      ...(givenUp ? { startedAt: new Date(), endedAt: null } : {}),
    },
  })
  return { kind: 'held', holdId }
}

/** Made of what the work is, never of the attempt: however often it is tried, it is one hold. */
export function holdKey({ runId, nodeId, itemIndex }: TaskRef, execution: number): string {
  const key = `hold:${runId}:${nodeId}:${itemIndex}`
  return execution === 1 ? key : `${key}:${execution}`
}

function tooFewTokens(price: number, available: bigint): Failure {
  return {
    type: 'insufficient-tokens',
    message: `This step needs ${price} tokens; ${formatTokens(available)} are available.`,
    remedy: failureTypes['insufficient-tokens'].remedy,
  }
}

function afterTheEnd(run: { id: string; status: string }): Failure {
  return {
    type: 'internal',
    message: `Run ${run.id} has ended as ${run.status}.`,
    remedy: 'Start a new run.',
  }
}

/** Micro-tokens as tokens, exactly: 2500000 becomes "2.5". */
export function formatTokens(micro: bigint): string {
  const fraction = (micro % microPerToken).toString().padStart(6, '0').replace(/0+$/, '')
  return `${micro / microPerToken}${fraction ? `.${fraction}` : ''}`
}
