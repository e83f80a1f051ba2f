/** Walks the plan of one run. However it goes, its end is written into the books before the workflow ends. */
import type { Bookkeeping, Failure, Plan } from '@defect-studio/nodes'
import { ApplicationFailure, CancellationScope, CancelledFailure } from '@temporalio/workflow'
import { createBooks } from './activity-proxies.ts'
import { failureOf } from './failure-of.ts'
import { createPermits, itemsPerRun } from './in-lanes.ts'
import { createMarks } from './marks.ts'
import { readPlan } from './read-plan.ts'
import type { RunGraphInput } from './run-messages.ts'
import { runNode } from './run-node.ts'
import { walkPlan, type NodeEnd } from './walk-plan.ts'

type RunEnd = { status: 'succeeded' | 'cancelled' } | { status: 'failed'; failure: Failure }

export async function runGraph({ runId }: RunGraphInput): Promise<void> {
  const books = createBooks()
  const end = await walk(runId, books).catch((error: unknown): RunEnd => ({
    status: 'failed',
    failure: failureOf(error),
  }))
  await books.endRun({ runId, ...end })
  if (end.status === 'cancelled') throw new CancelledFailure('The run was cancelled.')
  if (end.status === 'failed') throw ApplicationFailure.nonRetryable(end.failure.message, end.failure.type)
}

async function walk(runId: string, books: Bookkeeping): Promise<RunEnd> {
  const run = CancellationScope.current()
  const plan = await books.beginRun({ runId })
  const marks = createMarks(runId, books)
  const read = readPlan(plan)
  if (!read.ok) {
    for (const node of plan.nodes)
      if (node.id === read.nodeId) marks.mark(node.id, 'failed', node.items, read.failure)
      else marks.mark(node.id, 'skipped', node.items)
    await marks.written()
    return { status: 'failed', failure: read.failure }
  }
  const context = { runId, books, permits: createPermits(itemsPerRun), mark: marks.mark }
  const ends = await walkPlan(plan.nodes, {
    run: async (planned, inputs) => {
      const node = read.nodes.get(planned.id)
      if (!node) throw new Error(`Node "${planned.id}" was not read.`)
      return runNode(context, node, inputs)
    },
    pass: async (planned, state) => {
      marks.mark(planned.id, state, planned.items)
      return { state, outputs: {} }
    },
    isCancelled: () => run.consideredCancelled,
  })
  await marks.written()
  return endOf(plan, ends)
}

/** What was cancelled is cancelled, even if a branch had failed before; else the first failure is the run's. */
function endOf(plan: Plan, ends: readonly NodeEnd[]): RunEnd {
  if (ends.some(({ state }) => state === 'cancelled')) return { status: 'cancelled' }
  for (const [index, { failure }] of ends.entries())
    if (failure) {
      const message = `${plan.nodes[index]?.title ?? 'Node'}: ${failure.message}`
      return { status: 'failed', failure: { ...failure, message } }
    }
  return { status: 'succeeded' }
}
