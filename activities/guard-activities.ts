/** Wraps activities as a worker registers them: errors become failures, and each is logged with its run and node. */
import { activityInfo } from '@temporalio/activity'
import { CancelledFailure } from '@temporalio/common'
import type { Logger } from 'pino'
import { z } from 'zod'
import { cancellationOf } from './cancellation-of.ts'
import { toFailure, type FailureContext } from './to-failure.ts'

type AnyActivities = Record<string, (...args: never[]) => Promise<unknown>>

const Ids = z.object({ runId: z.string(), nodeId: z.string().optional(), itemIndex: z.number().optional() })
const WithTask = z.object({ task: Ids })

export function guardActivities<A extends object>(
  activities: A & { [K in keyof A]: (...args: never[]) => Promise<unknown> },
  { log, ...rules }: { log: Logger } & Omit<FailureContext, 'attempt'>,
): A {
  const guarded = Object.entries(activities as AnyActivities).map(([name, work]) => [
    name,
    async (...args: never[]) => {
      const started = performance.now()
      const about = { activity: name, ...idsOf(args) }
      try {
        const result = await work(...args)
        log.info({ ...about, ms: Math.round(performance.now() - started) }, 'activity done')
        return result
      } catch (error) {
        const { attempt } = activityInfo()
        const cancelled = cancellationOf(error)
        if (cancelled instanceof CancelledFailure) {
          log.info({ ...about, attempt }, 'activity cancelled')
          throw cancelled
        }
        const failure = toFailure(cancelled ?? error, { ...rules, attempt })
        log.warn({ ...about, attempt, err: error }, `activity failed: ${failure.message}`)
        throw failure
      }
    },
  ])
  return Object.fromEntries(guarded) as A
}

/** Activities get their task as second argument, books as a part of their input. */
function idsOf(args: readonly unknown[]): Partial<z.infer<typeof Ids>> {
  for (const value of [...args].reverse()) {
    const task = WithTask.safeParse(value)
    if (task.success) return task.data.task
    const ids = Ids.safeParse(value)
    if (ids.success) return ids.data
  }
  return {}
}
