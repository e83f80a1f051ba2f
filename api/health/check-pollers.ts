/** Whether a worker asks Temporal for work on a task queue. */
import type { Client } from '@temporalio/client'

/** Numbers of temporal.api.enums.v1.TaskQueueType. */
const queueTypes = { workflow: 1, activity: 2 } as const

/** A worker's poll is open for up to 60 s before it asks anew; older ones are of workers that are gone. */
const pollMs = 75_000

/** Throws when nobody has polled the queue lately, or Temporal does not answer. */
export async function checkPollers(
  temporal: Client,
  namespace: string,
  queue: string,
  type: keyof typeof queueTypes,
): Promise<void> {
  const { pollers } = await temporal.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name: queue },
    taskQueueType: queueTypes[type],
  })
  const alive = (pollers ?? []).some(
    ({ lastAccessTime }) => Number(lastAccessTime?.seconds ?? 0) * 1000 > Date.now() - pollMs,
  )
  if (!alive) throw new Error(`Nobody polls the task queue "${queue}".`)
}
