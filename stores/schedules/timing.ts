/** When a schedule comes: how it is written, and whether it ever does. */
import { Cron } from 'croner'
import { z } from 'zod'

const numbers = (min: number, max: number) =>
  z
    .array(z.int().min(min).max(max))
    .min(1)
    .max(max - min + 1)

/** Five fields, so that it means the same here and in Temporal: minute, hour, day of the month, month, day of the week. */
const CronLine = z
  .string()
  .trim()
  .max(200)
  .regex(/^\S+(\s+\S+){4}$/, 'A cron line has five fields: minute, hour, day, month, day of the week.')

export const Timing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cron'), cron: CronLine }),
  z.object({
    kind: z.literal('interval'),
    everySeconds: z.int().min(60).max(31_536_000),
    /** Shifts every time by so much. */
    offsetSeconds: z.int().min(0).default(0),
  }),
  z.object({
    kind: z.literal('calendar'),
    months: numbers(1, 12).optional(),
    daysOfMonth: numbers(1, 31).optional(),
    /** 0 is Sunday. */
    daysOfWeek: numbers(0, 6).optional(),
    hours: numbers(0, 23),
    minutes: numbers(0, 59).default([0]),
  }),
])
export type Timing = z.infer<typeof Timing>

/**
 * The next times after `from`, the soonest first.
 * @param timeZone IANA name, as `Asia/Seoul`.
 * @returns fewer than `count` when the schedule ends, none when it never comes.
 * @throws RangeError, in words for people, when the line or the time zone cannot be read.
 */
export function nextTimes(timing: Timing, timeZone: string, from: Date, count: number): Date[] {
  if (timing.kind === 'interval') {
    const every = timing.everySeconds * 1000
    const offset = timing.offsetSeconds * 1000
    const first = Math.floor((from.getTime() - offset) / every) * every + every + offset
    return Array.from({ length: count }, (_, i) => new Date(first + i * every))
  }
  try {
    return cronOf(timing, timeZone).nextRuns(count, from)
  } catch (error) {
    throw new RangeError(wordsOf(error), { cause: error })
  }
}

function cronOf(timing: Exclude<Timing, { kind: 'interval' }>, timeZone: string): Cron {
  // A line with both kinds of days means either of them; a calendar with both means the days that are both.
  if (timing.kind === 'cron') return new Cron(timing.cron, { timezone: timeZone, paused: true })
  const field = (values: readonly number[] | undefined) => values?.join(',') ?? '*'
  const { minutes, hours, daysOfMonth, months, daysOfWeek } = timing
  const line = [minutes, hours, daysOfMonth, months, daysOfWeek].map(field).join(' ')
  return new Cron(line, { timezone: timeZone, paused: true, domAndDow: true })
}

function wordsOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (/timezone/i.test(message)) return 'There is no such time zone. Write it as Asia/Seoul or Europe/Berlin.'
  return `The cron line cannot be read: ${message.replace(/^Cron\w*: /, '')}`
}
