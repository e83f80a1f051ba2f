/** One time of a schedule: its run is written down and walked. It lasts as long as the run, so that overlaps are seen. */
import {
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  ParentClosePolicy,
  workflowInfo,
} from '@temporalio/workflow'
import { house } from './house-activities.ts'
import {
  graphTaskQueue,
  runGraphWorkflow,
  runWorkflowId,
  type RunScheduleInput,
  searchAttributes,
} from './run-messages.ts'

export async function runSchedule({ scheduleId }: RunScheduleInput): Promise<void> {
  const opened = await house.openScheduledRun({ scheduleId, scheduledFor: scheduledTime() })
  if (!opened) return
  try {
    await executeChild(runGraphWorkflow, {
      taskQueue: graphTaskQueue,
      workflowId: runWorkflowId(opened.runId),
      args: [{ runId: opened.runId }],
      typedSearchAttributes: findable(),
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
    })
  } catch (error) {
    // The books say how the run ended; that it failed is no fault of the schedule, which goes on.
    const ended = error instanceof ChildWorkflowFailure && !isCancellation(error)
    // Whoever mends lost runs found it first: it goes on, and this time is over.
    const begun = error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError'
    if (!ended && !begun) throw error
  }
}

/** By what the schedule can be found, its run can be found; nothing where the server knows none of it. */
function findable() {
  const { typedSearchAttributes: own } = workflowInfo()
  return Object.values(searchAttributes).flatMap((name) => {
    const key = { name, type: 'KEYWORD' } as const
    const value = own.get(key)
    return value === undefined ? [] : [{ key, value }]
  })
}

/** The time that the schedule meant, not the one at which a busy server came to it. */
function scheduledTime(): string {
  const { searchAttributes, startTime } = workflowInfo()
  const [meant] = searchAttributes['TemporalScheduledStartTime'] ?? []
  return (meant instanceof Date ? meant : startTime).toISOString()
}
