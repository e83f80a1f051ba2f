/** Tells Temporal of schedules as the rows have them, again and again until it has confirmed, so that no crash loses one. */
import type { Schedule } from '@defect-studio/prisma'
import {
  graphTaskQueue,
  scheduleTemporalId,
  sweepAccountsWorkflow,
  sweepKeptWorkflow,
  sweepLedgerWorkflow,
} from '@defect-studio/workflows/run-messages'
import {
  ScheduleAlreadyRunning,
  type Client,
  type ScheduleOptions,
  ScheduleNotFoundError,
} from '@temporalio/client'
import { isAboutAttributes } from '../dispatch/run-workflow.ts'
import type { StudioWorld } from '../studio.ts'
import { temporalSchedule } from './temporal-schedule.ts'

type World = Pick<StudioWorld, 'db' | 'temporal' | 'log'>

/** How soon a change that nobody announced (an activity stopped the schedule, another API died) is passed on. */
const roundMs = 5_000
/** Temporal answers in milliseconds or is away; the next round tries again. */
const patienceMs = 5_000

export interface ScheduleSync {
  /** Passes one on now; rejects when Temporal is away, and the next round does it. */
  now(scheduleId: string): Promise<void>
  stop(): Promise<void>
}

export function startScheduleSync(world: World): ScheduleSync {
  let going: Promise<void> | null = null
  let lastFailure = ''
  let housekeeping = false

  const round = async () => {
    try {
      if (!housekeeping) await keepHouse(world.temporal)
      housekeeping = true
      for (const row of await waiting(world)) await passOn(world, row)
      lastFailure = ''
    } catch (error) {
      // Said once, not every round, while a server is away.
      const failure = error instanceof Error ? error.message : String(error)
      if (failure !== lastFailure) world.log.warn({ err: error }, 'schedules wait to be passed on')
      lastFailure = failure
    }
  }
  const wake = () => {
    going ??= round().finally(() => (going = null))
  }
  const timer = setInterval(wake, roundMs)
  wake()
  return {
    async now(scheduleId) {
      const row = await world.db.schedule.findUnique({ where: { id: scheduleId } })
      if (row && row.sent < row.version) await passOn(world, row)
    },
    async stop() {
      clearInterval(timer)
      await going
    },
  }
}

const waiting = ({ db }: World) =>
  db.$queryRaw<Schedule[]>`SELECT * FROM "Schedule" WHERE "sent" < "version" ORDER BY "updatedAt" LIMIT 100`

/** What is passed on is the row as it was read; a change that came meanwhile has a higher version and comes next. */
async function passOn({ db, temporal }: World, row: Schedule): Promise<void> {
  if (row.deletedAt) await remove(temporal, scheduleTemporalId(row.id))
  else
    await put(temporal, temporalSchedule(row, true)).catch((error: unknown) => {
      // A server that lets nobody tell it of the attributes: the schedule itself does not need them.
      if (!isAboutAttributes(error)) throw error
      return put(temporal, temporalSchedule(row, false))
    })
  await db.$executeRaw`
    UPDATE "Schedule" SET "sent" = ${row.version} WHERE "id" = ${row.id}::uuid AND "sent" < ${row.version}`
}

async function put(temporal: Client, options: ScheduleOptions): Promise<void> {
  await temporal.withDeadline(Date.now() + patienceMs, async () => {
    try {
      await temporal.schedule.create(options)
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
      const { spec, action, policies, state } = options
      await temporal.schedule.getHandle(options.scheduleId).update((before) => ({
        spec,
        action,
        policies: { ...policies },
        state: { ...before.state, ...state },
      }))
    }
  })
}

async function remove(temporal: Client, scheduleId: string): Promise<void> {
  try {
    await temporal.withDeadline(Date.now() + patienceMs, () =>
      temporal.schedule.getHandle(scheduleId).delete(),
    )
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  }
}

/** The studio's own: tokens that expire, guests whom nobody approved, what no policy keeps. A missed round is not made up for. */
async function keepHouse(temporal: Client): Promise<void> {
  for (const [name, workflowType, every] of [
    ['house:ledger', sweepLedgerWorkflow, '10 minutes'],
    ['house:accounts', sweepAccountsWorkflow, '1 hour'],
    ['house:kept', sweepKeptWorkflow, '6 hours'],
  ] as const)
    await put(temporal, {
      scheduleId: name,
      spec: { intervals: [{ every }] },
      action: {
        type: 'startWorkflow',
        workflowType,
        workflowId: name,
        taskQueue: graphTaskQueue,
        workflowExecutionTimeout: '3 hours',
      },
      policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
      state: { paused: false },
    })
}
