/** What a careless change looks like: the same steps in another order. The replay test must notice. */
import { localBooks } from './activity-proxies.ts'
import type { RunGraphInput } from './run-messages.ts'

export async function runGraph({ runId }: RunGraphInput): Promise<void> {
  await localBooks.endRun({ runId, status: 'succeeded' })
  await localBooks.beginRun({ runId })
}
