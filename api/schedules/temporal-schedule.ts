/** A schedule as Temporal is told of it. */
import { Timing } from '@defect-studio/stores'
import { attributesOf } from '../dispatch/run-workflow.ts'
import type { Schedule } from '@defect-studio/prisma'
import {
  graphTaskQueue,
  type RunScheduleInput,
  runScheduleWorkflow,
  scheduleTemporalId,
} from '@defect-studio/workflows/run-messages'
import type { ScheduleOptions, ScheduleOverlapPolicy, ScheduleSpec } from '@temporalio/client'

export const overlapPolicies = {
  skip: 'SKIP',
  buffer_one: 'BUFFER_ONE',
  buffer_all: 'BUFFER_ALL',
  allow_all: 'ALLOW_ALL',
  cancel_other: 'CANCEL_OTHER',
} as const satisfies Record<string, ScheduleOverlapPolicy>

/**
 * A run that never ends would keep the next times of a schedule with `skip` waiting for ever, without a word. A week is
 * longer than the longest review that people finish.
 */
const longestRun = '7 days'

/** @param isFindable whether the server knows by what runs can be found; each run has what its schedule has. */
export function temporalSchedule(row: Schedule, isFindable: boolean): ScheduleOptions {
  const input: RunScheduleInput = { scheduleId: row.id }
  return {
    scheduleId: scheduleTemporalId(row.id),
    spec: specOf(Timing.parse(row.timing), row.timeZone),
    action: {
      type: 'startWorkflow',
      workflowType: runScheduleWorkflow,
      workflowId: scheduleTemporalId(row.id),
      taskQueue: graphTaskQueue,
      args: [input],
      workflowExecutionTimeout: longestRun,
      ...(isFindable ? { typedSearchAttributes: attributesOf(row) } : {}),
    },
    policies: { overlap: overlapPolicies[row.overlap], catchupWindow: `${row.catchUpSeconds} seconds` },
    state: { paused: row.pausedAt !== null, ...(row.stoppedBecause ? { note: row.stoppedBecause } : {}) },
  }
}

function specOf(timing: Timing, timezone: string): ScheduleSpec {
  switch (timing.kind) {
    case 'cron':
      return { cronExpressions: [timing.cron], timezone }
    case 'interval':
      return {
        intervals: [{ every: `${timing.everySeconds} seconds`, offset: `${timing.offsetSeconds} seconds` }],
        timezone,
      }
    case 'calendar': {
      const { months, daysOfMonth, daysOfWeek, hours, minutes } = timing
      return {
        calendars: [
          {
            hour: hours,
            minute: minutes,
            ...(daysOfMonth ? { dayOfMonth: daysOfMonth } : {}),
            ...(months ? { month: months.map((month) => monthNames[month - 1] ?? 'JANUARY') } : {}),
            ...(daysOfWeek ? { dayOfWeek: daysOfWeek.map((day) => dayNames[day] ?? 'SUNDAY') } : {}),
          },
        ],
        timezone,
      }
    }
  }
}

const monthNames = [
  ...(['JANUARY', 'FEBRUARY', 'MARCH', 'APRIL', 'MAY', 'JUNE'] as const),
  ...(['JULY', 'AUGUST', 'SEPTEMBER', 'OCTOBER', 'NOVEMBER', 'DECEMBER'] as const),
] as const
const dayNames = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const
