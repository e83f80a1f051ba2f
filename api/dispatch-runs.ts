/** Hands written runs over to Temporal, and tells their workflows what people want: until each has confirmed, so that no crash loses one. */
import type { PrismaClient } from '@defect-studio/prisma'
import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import { inLanes, keepUp } from './dispatch/keep-up.ts'
import { mendRuns } from './dispatch/mend-runs.ts'
import { oweCallbacks } from './dispatch/owe-callbacks.ts'
import { passOnCancels } from './dispatch/pass-on-cancels.ts'
import { passOnControls } from './dispatch/pass-on-controls.ts'
import { registerSearchAttributes } from './dispatch/register-search-attributes.ts'
import { startWorkflow, type StartableRun } from './dispatch/run-workflow.ts'

/** How soon a run that nobody announced (another API died) is found. */
const roundMs = 3_000
/** How often runs are compared with their workflows, one question each. */
const mendMs = 60_000
const page = 200
/** Starts at once: Temporal takes some tens a second. */
const lanes = 8

export interface RunDispatcher {
  /** Starts this run now, in the background; what fails is found by the next round. */
  start(run: StartableRun): void
  /** Starts a round of everything now, or right after the one that is going on. */
  wake(): void
  /** Resolves when no round is going on. */
  stop(): Promise<void>
}

export interface DispatcherWorld {
  db: PrismaClient
  temporal: Client
  log: Logger
}

export function startDispatcher(world: DispatcherWorld): RunDispatcher {
  const { log } = world
  const underWay = new Set<Promise<void>>()
  const often = [
    keepUp('start runs', roundMs, log, () => handOver(world)),
    keepUp('cancel runs', roundMs, log, () => passOnCancels(world)),
    keepUp('pause, resume and order runs', roundMs, log, () => passOnControls(world)),
    keepUp('tell who asked that a run has ended', roundMs, log, () => oweCallbacks(world)),
  ]
  const seldom = [
    keepUp('mend runs', mendMs, log, () => mendRuns(world)),
    keepUp('register search attributes', mendMs, log, () => registerSearchAttributes(world.temporal)),
  ]
  return {
    start(run) {
      const started = handOverOne(world, run)
        .catch((error: unknown) => log.debug({ err: error, runId: run.id }, 'a run waits for the next round'))
        .finally(() => underWay.delete(started))
      underWay.add(started)
    },
    wake() {
      for (const duty of often) duty.wake()
    },
    async stop() {
      await Promise.all([...often, ...seldom].map((duty) => duty.stop()))
      await Promise.all(underWay)
    },
  }
}

async function handOver(world: DispatcherWorld): Promise<void> {
  for (;;) {
    // What an earlier version planned is ended by `mendRuns`: today's workflow could not read it.
    const runs = await world.db.$queryRaw<StartableRun[]>`
      SELECT "id"::text, "departmentId"::text, "ownerId"::text, "graphId"::text, "priority" FROM "Run"
      WHERE "status" = 'queued' AND "dispatchedAt" IS NULL AND ("plan" ->> 'planVersion')::int > 1
      ORDER BY "priority", "createdAt" LIMIT ${page}`
    await inLanes(lanes, runs, (run) => handOverOne(world, run))
    if (runs.length < page) return
  }
}

async function handOverOne({ db, temporal, log }: DispatcherWorld, run: StartableRun): Promise<void> {
  await startWorkflow(temporal, run)
  await db.run.updateMany({ where: { id: run.id, dispatchedAt: null }, data: { dispatchedAt: new Date() } })
  log.info({ runId: run.id }, 'run handed over')
}
