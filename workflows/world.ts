/** What the interpreter stands on: in a workflow Temporal gives it, in tests of random graphs a simulation does. */
import type {
  ActivityCall,
  CallActivities,
  CollectionRef,
  Failure,
  Item,
  JsonValue,
  Made,
  PlannedNode,
} from '@defect-studio/nodes'
import type { BooksQueue } from './books-queue.ts'
import type { ItemEnd } from './item-end.ts'
import type { ItemGroup } from './pair-items.ts'
import type { ReviewWait } from './wait-for-review.ts'

/** Which kind of worker does a call. */
export type Lane = 'io' | 'gpu'

/** Calls that go to one worker in one activity. */
export interface CallOrder {
  lane: Lane
  calls: ActivityCall[]
  /** Pictures that the calls make, one after the other: the time they may take follows from it. */
  pictures: number
  /** The machine that has the model in its memory. */
  server?: string
  /** Attempts of what trying again can mend; null: the house rule. */
  attempts: number | null
  /** What a person reads of it on Temporal's page. */
  summary: string
}

/** One item of a list that a source maps over. */
export interface SourceItem {
  name: string
  index: number
  value: JsonValue
  made?: Made
}

export interface World {
  runId: string
  books: BooksQueue
  /** The plan asks for everything anew: results of other runs are not looked for. */
  fresh: boolean
  /** Resolves when nothing else can go on at this moment. */
  drained(): Promise<void>
  /** Resolves when the run is not paused, or is stopped. */
  ready(): Promise<void>
  /** Rejects when the run is stopped. */
  sleep(milliseconds: number): Promise<void>
  /** Cancelled, or brought down by a node that fails the run: nothing new is begun. */
  isStopped(): boolean
  /** Whether the error says no more than that the run was stopped. */
  isStop(error: unknown): boolean
  /** Has one activity done; rejects when it is stopped or its attempts are over. */
  send(order: CallOrder): ReturnType<CallActivities['runCalls']>
  /** Milliseconds since some moment, the same at every replay. */
  now(): number
  /** Stops everything else at once; the first failure is the run's. */
  failRun(node: PlannedNode, failure: Failure): void
  /** Waits until people have decided; asks `poll` now and then, in case that nobody says so. */
  waitForReview(review: ReviewWait): Promise<void>
  /** The items that a source maps over here. */
  readSource(node: PlannedNode): Promise<SourceItem[]>
  /** Everything that left a port, as a stored list; null when nothing did. */
  gather(nodeId: string, port: string): Promise<CollectionRef | null>
  /** The items of a stored list that go with those that arrive beside it; all of them if none do. */
  readList(list: CollectionRef, beside: readonly Item[] | undefined): Promise<Item[]>
  /** Has the items worked on, several together or each by itself; ends in the order of the groups. */
  spread(
    groups: readonly ItemGroup[],
    work: (groups: readonly ItemGroup[]) => Promise<ItemEnd[]>,
  ): Promise<ItemEnd[]>
  /** Calls that belong together took so many milliseconds. */
  worked(milliseconds: number): void
  /** False in a chunk of a batch: what becomes of the whole node is written by whoever counts the chunks. */
  marksNodes: boolean
}
