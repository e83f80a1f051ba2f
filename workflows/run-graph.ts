/** Walks the plan of one run. However it goes, its end is written into the books before the workflow ends. */
import type { Failure, Plan } from '@defect-studio/nodes'
import { ApplicationFailure, CancellationScope, CancelledFailure } from '@temporalio/workflow'
import { localBooks } from './activity-proxies.ts'
import { failureOf } from './failure-of.ts'
import { inlineManner } from './inline-manner.ts'
import { noItems } from './item-end.ts'
import { always, begin, openRun, type OpenRun } from './open-run.ts'
import { needsOf, readPlan, type ReadNode } from './read-plan.ts'
import type { RunGraphInput } from './run-messages.ts'
import { runNode } from './run-node.ts'
import { runSegment } from './run-segment.ts'
import { createStatusAttribute, type StatusAttribute } from './status-attribute.ts'
import { createTemporalWorld } from './temporal-world.ts'
import { walkPlan, type NodeEnd } from './walk-plan.ts'

type RunEnd = { status: 'succeeded' | 'cancelled' } | { status: 'failed'; failure: Failure }

export async function runGraph({ runId }: RunGraphInput): Promise<void> {
  const root = CancellationScope.current()
  const status = createStatusAttribute()
  const run = openRun(runId)
  const end = await walk(run, root, status).catch((error: unknown): RunEnd => ({
    status: 'failed',
    failure: failureOf(error),
  }))
  await always(() => localBooks.endRun({ runId, ...end }))
  status.show(end.status)
  if (end.status === 'cancelled') throw new CancelledFailure('The run was cancelled.')
  if (end.status === 'failed') throw ApplicationFailure.nonRetryable(end.failure.message, end.failure.type)
}

async function walk(run: OpenRun, root: CancellationScope, status: StatusAttribute): Promise<RunEnd> {
  const begun = await begin(run, localBooks.beginRun)
  const { plan } = begun
  const read = readPlan(plan)
  if (!read.ok) return refuse(run, plan, read)
  const find = (id: string): ReadNode => {
    const node = read.nodes.get(id)
    if (!node) throw new Error(`Node "${id}" was not read.`)
    return node
  }
  const world = createTemporalWorld(run, begun, inlineManner(run, status))
  const ends = await walkPlan(plan, {
    run: async (planned, inputs) => runNode(world, find(planned.id), inputs),
    runSegment: (segment, outside) => runSegment({ run, world }, segment, segment.nodeIds.map(find), outside),
    pass(planned, state, way) {
      run.books.note({ kind: 'mark', nodeId: planned.id, state, itemsTotal: planned.items })
      return { state, outputs: {}, way, counts: noItems }
    },
    needs: (planned) => needsOf(find(planned.id)),
    isStopped: world.isStopped,
  })
  await run.books.written()
  return endOf(run, plan, ends, root.consideredCancelled)
}

/** The nodes say why nothing was done. */
async function refuse(
  { books }: OpenRun,
  plan: Plan,
  { nodeId, failure }: Extract<ReturnType<typeof readPlan>, { ok: false }>,
): Promise<RunEnd> {
  for (const node of plan.nodes) {
    const about = { kind: 'mark', nodeId: node.id, itemsTotal: node.items } as const
    if (node.id === nodeId) books.note({ ...about, state: 'failed', failure })
    else books.note({ ...about, state: 'skipped' })
  }
  await books.written()
  return { status: 'failed', failure }
}

/** What was cancelled is cancelled, even if a branch had failed before; else the first failure is the run's. */
function endOf(run: OpenRun, plan: Plan, ends: readonly NodeEnd[], isCancelled: boolean): RunEnd {
  const failed = (title: string, failure: Failure): RunEnd => ({
    status: 'failed',
    failure: { ...failure, message: `${title}: ${failure.message}` },
  })
  if (run.failed) return failed(run.failed.node.title, run.failed.failure)
  if (isCancelled && ends.some(({ state }) => state === 'cancelled')) return { status: 'cancelled' }
  for (const [index, { failure }] of ends.entries()) {
    const node = plan.nodes[index]
    if (failure && node?.onFailure !== 'continue') return failed(node?.title ?? 'Node', failure)
  }
  return { status: 'succeeded' }
}
