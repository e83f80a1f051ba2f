/** One item of one node: its tokens are held, its work is done, and then it is settled or given up. */
import type { Bookkeeping, Failure, ItemOutputs, Made, TaskRef } from '@defect-studio/nodes'
import { CancellationScope, isCancellation } from '@temporalio/workflow'
import { activitiesFor } from './activity-proxies.ts'
import { failureOf } from './failure-of.ts'
import type { ItemGroup } from './pair-items.ts'
import type { ReadNode } from './read-plan.ts'
import { stampOutputs } from './stamp-outputs.ts'

export type ItemEnd =
  | { state: 'succeeded'; outputs: ItemOutputs }
  | { state: 'failed'; failure: Failure }
  | { state: 'cancelled' }

export interface ItemRun {
  runId: string
  books: Bookkeeping
}

/** Works in a scope of its own; the caller's scope is the one that a cancelled run cancels. */
export async function runItem({ runId, books }: ItemRun, node: ReadNode, group: ItemGroup): Promise<ItemEnd> {
  const run = CancellationScope.current()
  if (run.consideredCancelled) return { state: 'cancelled' }
  const { planned, definition, params } = node
  const task: TaskRef = { runId, nodeId: planned.id, itemIndex: group.index, itemName: group.name }
  const price = planned.price
  const abandon = async <E extends Exclude<ItemEnd, { state: 'succeeded' }>>(end: E): Promise<E> => {
    await books.abandonItem({ task, ...end })
    return end
  }
  // From here on the tokens may be held, even if the answer to the hold is lost: every way out resolves it.
  try {
    const prepared = await books.prepareItem({ task, price })
    if (prepared.kind === 'done') return { state: 'succeeded', outputs: prepared.outputs }
    if (prepared.kind === 'refused') return await abandon({ state: 'failed', failure: prepared.failure })
    const outputs = await CancellationScope.cancellable(async () =>
      stampOutputs(
        planned,
        definition,
        group.name,
        await definition.run({
          inputs: Object.fromEntries(Object.entries(group.inputs).map(([port, item]) => [port, item.value])),
          params,
          activities: activitiesFor(task, definition.fanOut?.(params) ?? 1),
          item: { name: group.name, index: group.index },
          made: madeOf(group),
        }),
      ),
    )
    await books.settleItem({ task, holdId: prepared.holdId, price, outputs })
    return { state: 'succeeded', outputs }
  } catch (error) {
    // A cancellation that nobody asked for is a failure like any other.
    if (isCancellation(error) && run.consideredCancelled) return abandon({ state: 'cancelled' })
    return abandon({ state: 'failed', failure: failureOf(error) })
  }
}

function madeOf(group: ItemGroup): Made | undefined {
  return group.inputs['image']?.made
}
