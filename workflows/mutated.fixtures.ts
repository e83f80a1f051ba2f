/** What a careless change looks like: the same steps in another order. The replay test must notice. */
import { CancellationScope } from '@temporalio/workflow'
import { books } from './activity-proxies.ts'
import type { RunGraphInput } from './run-messages.ts'

export async function runGraph({ runId }: RunGraphInput): Promise<void> {
  await CancellationScope.nonCancellable(() => books.endRun({ runId, status: 'succeeded' }))
  await books.beginRun({ runId })
}
