/** Starts the batch of a folder by itself, as its run would, so that a test can say how long its histories may be. */
import { folderOf } from './graphs.fixtures.ts'
import { planOf } from './plan.fixtures.ts'
import type { RunBatchInput } from './run-batch.ts'
import { batchWorkflowId, graphTaskQueue, runBatchWorkflow } from './run-messages.ts'
import type { TestStudio } from './studio.fixtures.ts'

export async function startBatch(at: TestStudio, count: number, change: Partial<RunBatchInput> = {}) {
  const runId = `batch-${count}`
  const plan = planOf(at.books, folderOf(count))
  at.books.plans.set(runId, plan)
  const segmentId = plan.segments[0]?.id ?? ''
  const list = plan.nodes.find(({ id }) => id === 'load')?.collection
  if (!list) throw new Error('The plan has no list.')
  const primary = { nodeId: 'load', list }
  const input: RunBatchInput = { runId, segmentId, primary, outside: [], ...change }
  const workflowId = batchWorkflowId(runId, segmentId)
  const handle = await at.client.workflow.start(runBatchWorkflow, {
    taskQueue: graphTaskQueue,
    workflowId,
    args: [input],
  })
  return { handle, workflowId, pages: at.books.of(runId) }
}
