/** Hands written runs over to Temporal, and asks it to cancel: again and again until it has confirmed, so that no crash loses one. */
import type { Failure } from '@defect-studio/nodes'
import type { PrismaClient } from '@defect-studio/prisma'
import { createBookkeeping } from '@defect-studio/stores'
import {
  graphTaskQueue,
  runGraphWorkflow,
  type RunGraphInput,
  runWorkflowId,
} from '@defect-studio/workflows/run-messages'
import { type Client, WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client'
import type { Logger } from 'pino'

/** How soon a run that nobody announced (another API died) is found. */
const roundMs = 3_000
const batch = 50
/** Temporal answers in milliseconds or is away; the next round tries again. */
const patienceMs = 5_000
/** How often runs are compared with their workflows, one question each. */
const mendMs = 60_000
/** A run that was handed over so long ago has its workflow, or has lost it. */
const settledMs = 60_000

export interface RunDispatcher {
  /** Starts a round now, or right after the one that is going on. */
  wake(): void
  /** Resolves when no round is going on. */
  stop(): Promise<void>
}

interface DispatcherWorld {
  db: PrismaClient
  temporal: Client
  log: Logger
}

export function startDispatcher(world: DispatcherWorld): RunDispatcher {
  let stopped = false
  let wanted = false
  let going: Promise<void> | null = null
  let lastFailure = ''
  let mendedAt = 0

  const round = async () => {
    do {
      wanted = false
      try {
        await handOver(world)
        await passOnCancels(world)
        if (Date.now() - mendedAt > mendMs) {
          await mendRuns(world)
          mendedAt = Date.now()
        }
        lastFailure = ''
      } catch (error) {
        // Said once, not every three seconds, while a server is away.
        const failure = error instanceof Error ? error.message : String(error)
        if (failure !== lastFailure) world.log.warn({ err: error }, 'runs wait to be handed over')
        lastFailure = failure
        return
      }
    } while (wanted && !stopped)
  }
  const wake = () => {
    wanted = true
    if (stopped || going) return
    going = round().finally(() => (going = null))
  }
  const timer = setInterval(wake, roundMs)
  wake()
  return {
    wake,
    async stop() {
      stopped = true
      clearInterval(timer)
      await going
    },
  }
}

async function handOver({
  db,
  temporal,
  log,
}: {
  db: PrismaClient
  temporal: Client
  log: Logger
}): Promise<void> {
  const runs = await db.run.findMany({
    where: { dispatchedAt: null, status: 'queued' },
    orderBy: { createdAt: 'asc' },
    take: batch,
    select: { id: true },
  })
  for (const { id } of runs) {
    await startWorkflow(temporal, id)
    await db.run.updateMany({ where: { id, dispatchedAt: null }, data: { dispatchedAt: new Date() } })
    log.info({ runId: id }, 'run handed over')
  }
}

/** Starting it again is harmless: a run has one workflow. */
async function startWorkflow(temporal: Client, runId: string): Promise<void> {
  const input: RunGraphInput = { runId }
  try {
    await temporal.withDeadline(Date.now() + patienceMs, () =>
      temporal.workflow.start(runGraphWorkflow, {
        taskQueue: graphTaskQueue,
        workflowId: runWorkflowId(runId),
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
      }),
    )
  } catch (error) {
    // It was started before and has ended: what its end left to do is done elsewhere.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
  }
}

/**
 * Looks after runs that nobody would ever end, and whose tokens would be held for ever: their workflow was terminated,
 * or the Temporal server lost it with its last transactions in a power cut. A lost one begins again and passes over
 * what the books have as done; a terminated one has failed.
 * @param now milliseconds since 1970.
 */
export async function mendRuns({ db, temporal, log }: DispatcherWorld, now = Date.now()): Promise<void> {
  const runs = await db.run.findMany({
    where: {
      dispatchedAt: { lt: new Date(now - settledMs) },
      status: { in: ['queued', 'running'] },
      cancelAskedAt: null,
    },
    orderBy: { dispatchedAt: 'asc' },
    take: 4 * batch,
    select: { id: true },
  })
  for (const { id } of runs) {
    const state = await workflowState(temporal, id)
    if (state === 'running') continue
    log.warn({ runId: id, workflow: state }, 'a run had lost its workflow')
    if (state === 'missing') await startWorkflow(temporal, id)
    // A workflow that ended by itself has closed the books before, and this changes nothing.
    else await createBookkeeping({ db }).endRun({ runId: id, status: 'failed', failure: stoppedFromOutside })
  }
}

const stoppedFromOutside: Failure = {
  type: 'internal',
  message: 'The run was stopped from outside before it had ended. What was not done is not charged.',
  remedy: 'Run it again.',
}

async function passOnCancels({ db, temporal }: DispatcherWorld): Promise<void> {
  const runs = await db.run.findMany({
    where: {
      cancelAskedAt: { not: null },
      dispatchedAt: { not: null },
      status: { in: ['queued', 'running'] },
    },
    take: batch,
    select: { id: true },
  })
  for (const { id } of runs) {
    // Asking again is harmless.
    if (await cancelWorkflow(temporal, id)) continue
    // A workflow closes the books before it ends. This one was terminated or lost, and nobody else will: the tokens
    // that it holds go back. If the books were closed in this moment, closing them again does nothing.
    await createBookkeeping({ db }).endRun({ runId: id, status: 'cancelled' })
  }
}

/** @returns whether there is still a workflow that can hear it. */
async function cancelWorkflow(temporal: Client, runId: string): Promise<boolean> {
  // Temporal takes a request to cancel what has ended without a word.
  if ((await workflowState(temporal, runId)) !== 'running') return false
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  try {
    await temporal.withDeadline(Date.now() + patienceMs, () => handle.cancel())
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function workflowState(temporal: Client, runId: string): Promise<'running' | 'ended' | 'missing'> {
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  try {
    const { status } = await temporal.withDeadline(Date.now() + patienceMs, () => handle.describe())
    return status.name === 'RUNNING' ? 'running' : 'ended'
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'missing'
    throw error
  }
}
