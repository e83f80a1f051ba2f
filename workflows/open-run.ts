/** What a workflow of a run has from its first moment on: its books, its scope, and an ear for messages. */
import type { BegunRun, Bookkeeping, Failure, PlannedNode } from '@defect-studio/nodes'
import { CancellationScope, condition, defineSignal, setHandler } from '@temporalio/workflow'
import { localBooks } from './activity-proxies.ts'
import { createBooksQueue, type BooksQueue } from './books-queue.ts'
import { createControl, type Control } from './control.ts'
import { drained } from './drained.ts'
import { controlSignal, reviewedSignal, type ControlMessage, type ReviewedMessage } from './run-messages.ts'

export interface OpenRun {
  runId: string
  books: BooksQueue
  readItems: Bookkeeping['readItems']
  control: Control
  /** Everything that is done for the run lies in it; the books do not. */
  work: CancellationScope
  /** Reviews that have been decided. */
  reviewed: Set<string>
  /** Called when a message has changed what people want. */
  onControl: ((message: ControlMessage) => void)[]
  /** The node that brought the run down, by its policy. */
  failed?: { node: PlannedNode; failure: Failure }
}

const control = defineSignal<[ControlMessage]>(controlSignal)
const reviewed = defineSignal<[ReviewedMessage]>(reviewedSignal)

/** Signals may come before the run has read what it is: they are kept. */
export function openRun(runId: string): OpenRun {
  const work = new CancellationScope()
  const books = createBooksQueue({
    write: (entries) => always(() => localBooks.write({ runId, entries })),
    drained,
    // Without books nothing may go on: it could be done twice, or for nothing.
    onBroken: () => work.cancel(),
  })
  const run: OpenRun = {
    runId,
    work,
    books,
    readItems: (input) => books.call(() => always(() => localBooks.readItems(input))),
    control: createControl(),
    reviewed: new Set(),
    onControl: [],
  }
  setHandler(control, (message) => {
    if (run.control.take(message)) for (const listener of run.onControl) listener(message)
  })
  setHandler(reviewed, ({ reviewId }) => void run.reviewed.add(reviewId))
  return run
}

/** Money and states are written down whatever becomes of the run. */
export const always = <T>(work: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(work)

/** Reads what the run is, and what people want of it by now. */
export async function begin(
  run: OpenRun,
  read: (input: { runId: string }) => Promise<BegunRun>,
): Promise<BegunRun> {
  const begun = await run.books.call(() => always(() => read({ runId: run.runId })))
  run.control.begin(begun)
  return begun
}

/** Returns at once when the run goes on or has been stopped; else when one of the two happens. */
export async function untilNotPaused({ control, work }: OpenRun): Promise<void> {
  const goesOn = () => !control.paused || work.consideredCancelled
  if (!goesOn()) await always(() => condition(goesOn))
}
