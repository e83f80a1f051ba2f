/** A schedule row as the API shows it. */
import { nextTimes, Timing } from '@defect-studio/stores'
import type { Prisma } from '@defect-studio/prisma'
import type { ScheduleSummary } from '../shapes/schedule.ts'

export const scheduleParts = { graph: { select: { name: true } } } as const

type Row = Prisma.ScheduleGetPayload<{ include: typeof scheduleParts }>

const timesShown = 5

export function describeSchedule(
  row: Row,
  owner: { id: string; name: string },
  now = new Date(),
): ScheduleSummary {
  const timing = Timing.parse(row.timing)
  return {
    id: row.id,
    name: row.name,
    graphId: row.graphId,
    graphName: row.graph.name,
    revision: row.revision,
    timing,
    timeZone: row.timeZone,
    overlap: row.overlap,
    catchUpSeconds: row.catchUpSeconds,
    inputs: objectOf(row.inputs),
    params: objectOf(row.params),
    owner,
    paused: row.pausedAt !== null,
    stoppedBecause: row.stoppedBecause,
    nextTimes: row.pausedAt
      ? []
      : nextTimes(timing, row.timeZone, now, timesShown).map((time) => time.toISOString()),
    createdAt: row.createdAt.toISOString(),
  }
}

function objectOf(value: Prisma.JsonValue): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}
