/** Runs whose histories are kept: the workflow code of tomorrow must still be able to replay each of them. */
import { ApplicationFailure } from '@temporalio/common'
import type { WorkflowHandle } from '@temporalio/client'
import { testFolder, testGraph } from '../nodes/graph.fixtures.ts'
import { startBatch } from './batch.fixtures.ts'
import { branches, folderOf, oneDefect } from './graphs.fixtures.ts'
import { batchWorkflowId, controlSignal, reviewedSignal } from './run-messages.ts'
import { createGate, stubActivities, type StubActivities, type TestStudio } from './studio.fixtures.ts'

/** Every history that is kept. */
export const historyNames = [
  'batch',
  'batch-chunks',
  'batch-continued',
  'batch-last',
  'cached',
  'cancelled',
  'collection',
  'fail-run',
  'failed-node',
  'found-ahead',
  'happy',
  'paused',
  'review',
  'waiting',
] as const
type HistoryName = (typeof historyNames)[number]

export interface Scenario {
  stubs?: (at: () => TestStudio) => Partial<StubActivities>
  /** @returns the workflows whose histories are kept; it waits until they have ended. */
  play(at: TestStudio): Promise<[HistoryName, WorkflowHandle][]>
}

const begun = createGate()
const paused = { begun: createGate(), go: createGate() }
const waiting = { begun: createGate(), go: createGate() }
const review = { opened: createGate(), decided: false }

export const scenarios: readonly Scenario[] = [
  { play: (at) => playOne(at, 'happy', oneDefect) },
  { play: (at) => playOne(at, 'collection', folderOf(12)) },
  { play: (at) => playOne(at, 'failed-node', branches), stubs: () => failing },
  { play: (at) => playOne(at, 'fail-run', failsTheRun), stubs: () => failing },
  {
    async play(at) {
      await playOne(at, 'happy', folderOf(5))
      return playOne(at, 'cached', folderOf(5))
    },
  },
  {
    async play(at) {
      const first = await at.start(oneDefect)
      await first.handle.result()
      const outputs = at.books.of(first.runId).rows.get('defect#0')?.outputs ?? {}
      at.books.begins.found = [{ nodeId: 'defect', index: 0, outputs, cached: true }]
      return playOne(at, 'found-ahead', oneDefect)
    },
  },
  {
    stubs: () => ({ drawDefect: workUntilCancelled(begun.open) }),
    async play(at) {
      const { handle } = await at.start(folderOf(10))
      await begun.opened
      await handle.cancel()
      return ended('cancelled', handle)
    },
  },
  {
    stubs: () => ({ drawDefect: held(paused) }),
    async play(at) {
      const { handle } = await at.start(folderOf(12))
      await paused.begun.opened
      await handle.signal(controlSignal, { revision: 1, paused: true, priority: 2 })
      paused.go.open()
      await handle.query('__stack_trace')
      await handle.signal(controlSignal, { revision: 2, paused: false, priority: 1 })
      return ended('paused', handle)
    },
  },
  {
    stubs: () => ({ drawDefect: held(waiting) }),
    // A timer, steps in the books and work that ends, all at their own pace.
    async play(at) {
      const first = await at.start(oneDefect)
      await waiting.begun.opened
      const { handle } = await at.start(oneDefect)
      await untilTimer(handle)
      waiting.go.open()
      await first.handle.result()
      return ended('waiting', handle)
    },
  },
  {
    stubs: (at) => ({
      openReview: async ({ collection }) => ({ reviewId: collection.key }),
      async readReview({ reviewId }) {
        review.opened.open()
        const all = at().books.lists.get(reviewId) ?? []
        const lists = { accepted: at().books.addList(all.slice(1)), rejected: null }
        return review.decided ? lists : null
      },
    }),
    async play(at) {
      const { handle, runId } = await at.start(reviewed)
      await review.opened.opened
      await untilTimer(handle)
      review.decided = true
      const list = await at.books.bookkeeping.gather({ runId, nodeId: 'load', port: 'image' })
      await handle.signal(reviewedSignal, { reviewId: list?.key ?? '' })
      return ended('review', handle)
    },
  },
  {
    async play(at) {
      const { handle, runId } = await at.start(folderOf(110))
      const kept = await ended('batch', handle)
      const chunks = at.client.workflow.getHandle(batchWorkflowId(runId, 's1'))
      return [...kept, ['batch-chunks', chunks]]
    },
  },
  {
    async play(at) {
      const { handle, workflowId } = await startBatch(at, 120, { mostEvents: 60 })
      const first = at.client.workflow.getHandle(workflowId, handle.firstExecutionRunId)
      return [...(await ended('batch-last', handle)), ['batch-continued', first]]
    },
  },
]

const failing: Partial<StubActivities> = {
  async drawDefect() {
    throw ApplicationFailure.nonRetryable('No place for it.', 'invalid-input')
  },
}

const failsTheRun = {
  ...branches,
  nodes: branches.nodes.map((node) =>
    node.id === 'defect' ? { ...node, onFailure: 'fail-run' as const } : node,
  ),
}

const reviewed = testGraph(
  { load: ['load-folder', { folder: testFolder(3) }], review: 'review', save: 'save-to-gallery' },
  ['load.image > review.image', 'review.accepted > save.image'],
)

async function playOne(at: TestStudio, name: HistoryName, graph: Parameters<TestStudio['start']>[0]) {
  const { handle } = await at.start(graph)
  return ended(name, handle)
}

/** However it ended: that is what the history tells. */
async function ended(name: HistoryName, handle: WorkflowHandle): Promise<[HistoryName, WorkflowHandle][]> {
  await handle.result().catch(() => {})
  return [[name, handle]]
}

/** Resolves when the workflow waits by the clock. */
export async function untilTimer(handle: Pick<WorkflowHandle, 'fetchHistory'>): Promise<void> {
  for (;;) {
    const { events } = await handle.fetchHistory()
    if (events?.some(({ timerStartedEventAttributes }) => timerStartedEventAttributes)) return
  }
}

function held({ begun, go }: typeof paused): StubActivities['drawDefect'] {
  return async (input, task) => {
    begun.open()
    await go.opened
    return stubActivities.drawDefect(input, task)
  }
}

/** Like real work: it beats, and ends when its worker is told that the run is cancelled. */
export function workUntilCancelled(begin: () => void): () => Promise<never> {
  return async () => {
    begin()
    const { heartbeat, sleep } = await import('@temporalio/activity')
    for (;;) {
      heartbeat()
      await sleep(20)
    }
  }
}
