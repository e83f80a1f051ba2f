/** The workflow of a run, as the API sees it: started once, told, asked to stop, looked at. */
import {
  controlSignal,
  type ControlMessage,
  graphTaskQueue,
  runGraphWorkflow,
  type RunGraphInput,
  runWorkflowId,
  searchAttributes,
} from '@defect-studio/workflows/run-messages'
import {
  type Client,
  isGrpcServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client'
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common'

/** Temporal answers in milliseconds or is away; the next round tries again. */
const patienceMs = 5_000

/** What of a run's row its workflow is started with. */
export interface StartableRun {
  id: string
  departmentId: string
  ownerId: string
  graphId: string | null
  priority: number
}

const keys = {
  department: defineSearchAttributeKey(searchAttributes.department, 'KEYWORD'),
  graph: defineSearchAttributeKey(searchAttributes.graph, 'KEYWORD'),
  status: defineSearchAttributeKey(searchAttributes.status, 'KEYWORD'),
  startedBy: defineSearchAttributeKey(searchAttributes.startedBy, 'KEYWORD'),
}

/** Starting it again is harmless: a run has one workflow. */
export async function startWorkflow(temporal: Client, run: StartableRun): Promise<void> {
  try {
    await start(temporal, run, attributesOf(run))
  } catch (error) {
    // A server that was not told of the attributes, or that lets nobody tell it: the run itself does not need them.
    if (!isAboutAttributes(error)) throw error
    await start(temporal, run, null)
  }
}

/** Whether the server refused because nobody has told it by what runs can be found. */
export function isAboutAttributes(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined
  return isGrpcServiceError(cause) && /search attribute/i.test(cause.details)
}

async function start(
  temporal: Client,
  run: StartableRun,
  found: TypedSearchAttributes | null,
): Promise<void> {
  const input: RunGraphInput = { runId: run.id }
  try {
    await temporal.withDeadline(Date.now() + patienceMs, () =>
      temporal.workflow.start(runGraphWorkflow, {
        taskQueue: graphTaskQueue,
        workflowId: runWorkflowId(run.id),
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        // No time limit: a review may wait for weeks, and `mendRuns` ends what nobody would.
        priority: { priorityKey: run.priority, fairnessKey: `dept:${run.departmentId}`, fairnessWeight: 1 },
        ...(found ? { typedSearchAttributes: found } : {}),
      }),
    )
  } catch (error) {
    // It was started before and has ended: what its end left to do is done elsewhere.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/** By what a run can be found in Temporal. */
export function attributesOf({
  departmentId,
  ownerId,
  graphId,
}: Pick<StartableRun, 'departmentId' | 'ownerId' | 'graphId'>): TypedSearchAttributes {
  return new TypedSearchAttributes([
    { key: keys.department, value: departmentId },
    { key: keys.startedBy, value: ownerId },
    { key: keys.status, value: 'queued' },
    ...(graphId === null ? [] : [{ key: keys.graph, value: graphId }]),
  ])
}

/** @returns whether there is still a workflow that can hear it. Telling it again changes nothing. */
export async function tellWorkflow(
  temporal: Client,
  runId: string,
  message: ControlMessage,
): Promise<boolean> {
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  return heard(() =>
    temporal.withDeadline(Date.now() + patienceMs, () => handle.signal(controlSignal, message)),
  )
}

/** @returns whether there is still a workflow that can hear it. */
export async function cancelWorkflow(temporal: Client, runId: string): Promise<boolean> {
  // Temporal takes a request to cancel what has ended without a word.
  if ((await workflowState(temporal, runId)) !== 'running') return false
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  return heard(() => temporal.withDeadline(Date.now() + patienceMs, () => handle.cancel()))
}

/** Stops it without a word to it: for what its code cannot go on with. */
export async function terminateWorkflow(temporal: Client, runId: string, reason: string): Promise<void> {
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  await heard(() => temporal.withDeadline(Date.now() + patienceMs, () => handle.terminate(reason)))
}

export async function workflowState(
  temporal: Client,
  runId: string,
): Promise<'running' | 'ended' | 'missing'> {
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  try {
    const { status } = await temporal.withDeadline(Date.now() + patienceMs, () => handle.describe())
    return status.name === 'RUNNING' ? 'running' : 'ended'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing'
    throw error
  }
}

async function heard(tell: () => Promise<unknown>): Promise<boolean> {
  try {
    await tell()
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
