/** A run as /v1 shows it: the same words for as long as /v1 lives. */
import type { CallerRun } from '../shapes/caller-run.ts'
import type { RunDetail } from '../shapes/run.ts'

const shownItems = 50

export function describeCallerRun(run: RunDetail): CallerRun {
  const {
    id,
    reference,
    graphId,
    graphRevision,
    batchId,
    status,
    paused,
    priority,
    quote,
    cost,
    saved,
    items,
    failure,
  } = run
  const { createdAt, startedAt, endedAt, cancelAskedAt } = run
  return {
    id,
    reference,
    graphId,
    graphRevision,
    batchId,
    status,
    paused,
    priority,
    quote,
    cost,
    saved,
    items,
    failure,
    createdAt,
    startedAt,
    endedAt,
    cancelAskedAt,
    outputs: run.outputs.map(({ name, type, total, items: made }) => ({
      name,
      type,
      total,
      items: made.slice(0, shownItems),
    })),
  }
}
