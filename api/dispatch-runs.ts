/** Hands written runs over to Temporal, and asks it to cancel: again and again until it has confirmed, so that no crash loses one. */
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

  const round = async () => {
    do {
      wanted = false
      try {
        await handOver(world)
        await passOnCancels(world)
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
    const input: RunGraphInput = { runId: id }
    try {
      await temporal.withDeadline(Date.now() + patienceMs, () =>
        temporal.workflow.start(runGraphWorkflow, {
          taskQueue: graphTaskQueue,
          workflowId: runWorkflowId(id),
          args: [input],
          workflowIdConflictPolicy: 'USE_EXISTING',
          workflowIdReusePolicy: 'REJECT_DUPLICATE',
        }),
      )
    } catch (error) {
      // It was started before and has ended: the mark below was all that was missing.
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
    }
    await db.run.updateMany({ where: { id, dispatchedAt: null }, data: { dispatchedAt: new Date() } })
    log.info({ runId: id }, 'run handed over')
  }
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
  const handle = temporal.workflow.getHandle(runWorkflowId(runId))
  try {
    return await temporal.withDeadline(Date.now() + patienceMs, async () => {
      // Temporal takes a request to cancel what has ended without a word.
      const { status } = await handle.describe()
      if (status.name !== 'RUNNING') return false
      await handle.cancel()
      return true
    })
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}
