/** Schedules as the API takes and shows them. */
import { RunInputs } from '@defect-studio/nodes'
import { Timing } from '@defect-studio/stores'
import { z } from 'zod'

export const Overlap = z.enum(['skip', 'buffer_one', 'buffer_all', 'allow_all', 'cancel_other']).meta({
  id: 'OverlapPolicy',
  description: 'What happens when its time comes while the run before still goes on.',
})

const ScheduleTiming = Timing.meta({ id: 'ScheduleTiming' })
const TimeZone = z.string().trim().min(1).max(64)

const settings = {
  name: z.string().trim().min(1).max(100),
  graphId: z.uuid(),
  revision: z
    .int()
    .min(1)
    .nullable()
    .default(null)
    .meta({ description: 'A fixed revision of the graph; null: the latest.' }),
  timing: ScheduleTiming,
  timeZone: TimeZone.default('UTC').meta({ description: 'IANA name, as Asia/Seoul.' }),
  overlap: Overlap.default('skip'),
  catchUpSeconds: z.int().min(10).max(31_536_000).default(600).meta({
    description: 'Times that were missed while the server was away are made up for when they are no older.',
  }),
}

export const NewSchedule = z
  .object({ ...settings, ...RunInputs.shape, paused: z.boolean().default(false) })
  .meta({ id: 'NewSchedule' })
export type NewSchedule = z.infer<typeof NewSchedule>

export const ScheduleSummary = z
  .object({
    ...settings,
    id: z.uuid(),
    graphName: z.string(),
    owner: z.object({ id: z.uuid(), name: z.string() }),
    inputs: z.record(z.string(), z.unknown()),
    params: z.record(z.string(), z.unknown()),
    paused: z.boolean(),
    stoppedBecause: z
      .string()
      .nullable()
      .meta({ description: 'Why it stopped itself; null when it did not.' }),
    nextTimes: z
      .array(z.iso.datetime())
      .meta({ description: 'The next five times; none while it is paused.' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Schedule' })
export type ScheduleSummary = z.infer<typeof ScheduleSummary>

export const ScheduleDetail = ScheduleSummary.extend({
  /** What Temporal has counted; null while it does not answer. */
  counts: z
    .object({ taken: z.int(), skippedForOverlap: z.int(), missedCatchUp: z.int(), runningNow: z.int() })
    .nullable(),
}).meta({ id: 'ScheduleDetail' })

export const Backfill = z
  .object({ from: z.iso.datetime(), to: z.iso.datetime(), overlap: Overlap.default('buffer_all') })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), 'The end lies before the beginning.')
