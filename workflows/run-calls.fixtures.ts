/** The one activity of a work queue over plain functions, as workers of the studio do it. */
import type { CallActivities, CallEnd } from '@defect-studio/nodes'
import { isFailureType } from '@defect-studio/nodes'
import { Context } from '@temporalio/activity'
import { ApplicationFailure, CancelledFailure } from '@temporalio/common'
import type { StubActivities } from './studio.fixtures.ts'

export function runCallsWith(stubs: StubActivities): CallActivities['runCalls'] {
  return async ({ calls }) => {
    const ends: CallEnd[] = []
    for (const { name, input, task } of calls)
      try {
        ends.push({ ok: true, value: (await stubs[name](input as never, task)) ?? null })
      } catch (error) {
        if (calls.length === 1) throw error
        if (error instanceof CancelledFailure) break
        ends.push(endOf(error))
      }
    return { worker: Context.current().info.taskQueue, ends, ms: 0 }
  }
}

function endOf(error: unknown): CallEnd {
  const { message } = error instanceof Error ? error : new Error(String(error))
  if (error instanceof ApplicationFailure && isFailureType(error.type))
    return { ok: false, failure: { type: error.type, message }, again: error.nonRetryable !== true }
  return { ok: false, failure: { type: 'internal', message }, again: true }
}
