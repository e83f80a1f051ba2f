/** Tells runs that people have decided, until each has been told; and closes what no run waits for any more. */
import { closeReviewsOfEndedRuns } from '@defect-studio/stores'
import type { PrismaClient } from '@defect-studio/prisma'
import { reviewedSignal, type ReviewedMessage, runWorkflowId } from '@defect-studio/workflows/run-messages'
import { type Client, WorkflowNotFoundError } from '@temporalio/client'
import type { Logger } from 'pino'
import { type Duty, inLanes, keepUp } from './dispatch/keep-up.ts'

/** How soon a decision that nobody announced (another API died) is passed on. */
const roundMs = 3_000
const patienceMs = 5_000
const page = 100
const lanes = 4

export function startReviewTeller(world: { db: PrismaClient; temporal: Client; log: Logger }): Duty {
  const { db, temporal, log } = world
  return keepUp('tell runs of reviews', roundMs, log, async () => {
    await closeReviewsOfEndedRuns(db)
    const decided = await db.review.findMany({
      where: { decidedAt: { not: null }, toldAt: null },
      orderBy: { decidedAt: 'asc' },
      take: page,
      select: { id: true, runId: true },
    })
    await inLanes(lanes, decided, async ({ id, runId }) => {
      // Before it is handed over a run has no workflow; it has none any more once it has ended.
      if (!(await tell(temporal, runId, { reviewId: id })) && !(await hasEnded(db, runId))) return
      await db.review.updateMany({ where: { id, toldAt: null }, data: { toldAt: new Date() } })
    })
  })
}

/** Telling it again changes nothing. @returns whether a workflow has heard it. */
async function tell(temporal: Client, runId: string, message: ReviewedMessage): Promise<boolean> {
  try {
    const handle = temporal.workflow.getHandle(runWorkflowId(runId))
    await temporal.withDeadline(Date.now() + patienceMs, () => handle.signal(reviewedSignal, message))
    return true
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false
    throw error
  }
}

async function hasEnded(db: PrismaClient, runId: string): Promise<boolean> {
  const run = await db.run.findUnique({ where: { id: runId }, select: { endedAt: true } })
  return run === null || run.endedAt !== null
}
