/** Lets work that nobody has begun yet take its new place in line, after the priority of its run has changed. */
import { runWorkflowId } from '@defect-studio/workflows/run-messages'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'

/** As Temporal numbers the states of pending activities. */
const scheduled = 1

/** Chunks of a batch never go before work that somebody waits for. */
const firstOfBatches = 4

/**
 * The priority of an activity that waits cannot be changed, and it can be given up: the workflow, which has heard of the
 * change before, then asks for it anew. Call it after the workflow has been told.
 */
export async function giveBackWaiting(temporal: Client, runId: string, priority: number): Promise<void> {
  const workflowId = runWorkflowId(runId)
  const children = await giveBack(temporal, workflowId, priority)
  for (const child of children) await giveBack(temporal, child, Math.max(firstOfBatches, priority))
}

/** @returns the ids of its children that are under way. */
async function giveBack(temporal: Client, workflowId: string, priority: number): Promise<string[]> {
  const { namespace } = temporal.options
  try {
    const { raw } = await temporal.workflow.getHandle(workflowId).describe()
    for (const { activityId, state, priority: now } of raw.pendingActivities ?? [])
      if (activityId && Number(state) === scheduled && now?.priorityKey !== priority)
        await temporal.workflowService.updateActivityOptions({
          namespace,
          execution: { workflowId },
          id: activityId,
          activityOptions: { scheduleToStartTimeout: { nanos: 1_000_000 } },
          updateMask: { paths: ['schedule_to_start_timeout'] },
        })
    return (raw.pendingChildren ?? []).flatMap((child) => child.workflowId ?? [])
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return []
    throw error
  }
}
