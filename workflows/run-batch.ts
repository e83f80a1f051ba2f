/** Works through a segment of a run in chunks: a cursor over its list, some chunks at once, a history that stays short. */
import type { CollectionRef, Failure, Plan } from '@defect-studio/nodes'
import { ApplicationFailure, continueAsNew, workflowInfo } from '@temporalio/workflow'
import { localBooks } from './activity-proxies.ts'
import { firstChunk, largestChunk, nextChunkSize } from './chunk-size.ts'
import { failureOf } from './failure-of.ts'
import type { Flow } from './flow.ts'
import { addCounts, noItems, type ItemCounts } from './item-end.ts'
import { begin, openRun, untilNotPaused, type OpenRun } from './open-run.ts'
import { readPlan, type ReadNode } from './read-plan.ts'
import { runChunk, type ChunkPlace } from './run-chunk.ts'

/** The list whose slices are the chunks, and the source that maps over it; null: it comes from outside. */
export interface PrimaryList {
  nodeId: string | null
  list: CollectionRef
}

export interface RunBatchInput {
  runId: string
  segmentId: string
  primary: PrimaryList
  /** What comes from outside of the segment, by `flowKey`. */
  outside: [string, Flow][]
  /** The first item that is not done; 0 when absent. */
  cursor?: number
  /** Of the chunks before. */
  totals?: BatchResult['totals']
  /** Items of the next chunk. */
  chunkSize?: number
  /** Chunks at once. */
  window?: number
  /** Events of a history before it goes on in a new one. */
  mostEvents?: number
}

export interface BatchResult {
  /** By the nodes of the segment. */
  totals: [string, ItemCounts][]
  /** False: it was stopped before the last chunk. */
  isComplete: boolean
  /** The node that brought the run down, by its policy. */
  failed: { nodeId: string; failure: Failure } | null
}

/** Enough that a worker never waits for the next chunk, few enough that nobody waits long behind them. */
export const usualWindow = 4
/** Far below the 4,096 at which the server asks for a new one; what is under way then adds to it. */
export const usualEvents = 1_000
/** Bytes of a history: whoever reads one in a single message may take 4 MiB. */
export const mostBytes = 2 * 1024 * 1024

export async function runBatch(input: RunBatchInput): Promise<BatchResult> {
  const run = openRun(input.runId)
  const done = await walkChunks(run, input).catch((error: unknown) => failureOf(error))
  // An error that is no failure would have the server try the task for ever.
  if ('remedy' in done) throw ApplicationFailure.nonRetryable(done.message, done.type)
  if (done.next === null) return done.result
  return continueAsNew<typeof runBatch>({ ...input, ...done.next })
}

interface Done {
  result: BatchResult
  /** Where a new history goes on; null: there is nothing left to do. */
  next: Pick<RunBatchInput, 'cursor' | 'totals' | 'chunkSize'> | null
}

async function walkChunks(run: OpenRun, input: RunBatchInput): Promise<Done> {
  const { primary, outside, window = usualWindow, mostEvents = usualEvents } = input
  const begun = await begin(run, localBooks.readRun)
  const { nodes, most } = readSegment(begun.plan, input)
  const place: ChunkPlace = { run, begun, nodes, primary, outside: new Map(outside) }
  const totals = new Map(input.totals)
  let cursor = input.cursor ?? 0
  let size = Math.min(most, input.chunkSize ?? firstChunk)
  let begunChunks = 0
  let endedChunks = 0

  /** What is under way has still to be written; so much as the chunks before is what it will take. */
  function isFull(): boolean {
    if (begunChunks === 0) return false
    const { historyLength, historySize, continueAsNewSuggested } = workflowInfo()
    const more = endedChunks === 0 ? 0 : (begunChunks - endedChunks + 1) / endedChunks
    const isTooLong = historyLength * (1 + more) > mostEvents || historySize * (1 + more) > mostBytes
    return continueAsNewSuggested || isTooLong
  }

  async function lane(): Promise<void> {
    for (;;) {
      await untilNotPaused(run)
      const count = Math.min(size, primary.list.count - cursor)
      if (count <= 0 || run.work.consideredCancelled || isFull()) return
      const from = cursor
      cursor += count
      begunChunks += 1
      const chunk = await runChunk(place, from, count)
      endedChunks += 1
      for (const [nodeId, counts] of chunk.counts)
        totals.set(nodeId, addCounts(totals.get(nodeId) ?? noItems, counts))
      size = nextChunkSize({ items: count, milliseconds: chunk.milliseconds, most })
    }
  }

  await Promise.all(Array.from({ length: window }, lane))
  await run.books.written()
  const isComplete = cursor >= primary.list.count
  const failed = run.failed ? { nodeId: run.failed.node.id, failure: run.failed.failure } : null
  const result = { totals: [...totals], isComplete, failed }
  const goesOn = !isComplete && !run.work.consideredCancelled
  return { result, next: goesOn ? { cursor, totals: [...totals], chunkSize: size } : null }
}

/** A chunk that fans out stays within what one activity can carry. */
const mostItems = 200

function readSegment(plan: Plan, { segmentId, primary }: RunBatchInput): { nodes: ReadNode[]; most: number } {
  const segment = plan.segments.find(({ id }) => id === segmentId)
  const read = readPlan(plan)
  if (!read.ok) throw ApplicationFailure.nonRetryable(read.failure.message, read.failure.type)
  const nodes = (segment?.nodeIds ?? []).flatMap((id) => read.nodes.get(id) ?? [])
  const widest = Math.max(1, (segment?.items ?? 1) / primary.list.count)
  return { nodes, most: Math.max(1, Math.min(largestChunk, Math.floor(mostItems / widest))) }
}
