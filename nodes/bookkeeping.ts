/** The contract between the interpreter and the books: what is written down about a run, and in which order. */
import type { Failure } from './failures.ts'
import type { Plan } from './plan.ts'
import type { Item } from './ports.ts'
import type { TaskRef } from './activities.ts'

/** What one item became: for each output port, the things that leave it. */
export type ItemOutputs = Record<string, Item[]>

/** Local activities on the `graph` queue: short database transactions, each idempotent by (run, node, item). */
export interface Bookkeeping {
  /** Marks the run as running and returns its plan. Called again after a crash it returns the same. */
  beginRun(input: { runId: string }): Promise<Plan>
  /** Writes the node's state as people see it. */
  markNode(input: {
    runId: string
    nodeId: string
    state: 'running' | 'succeeded' | 'failed' | 'skipped' | 'cancelled'
    itemsTotal: number
    failure?: Failure
  }): Promise<void>
  /**
   * One transaction before an item's work: holds its tokens. `done` when an earlier attempt already settled
   * the item, so that its work is not done again.
   */
  prepareItem(input: {
    task: TaskRef
    price: number
  }): Promise<
    | { kind: 'held'; holdId: string | null }
    | { kind: 'done'; outputs: ItemOutputs }
    | { kind: 'refused'; failure: Failure }
  >
  /** One transaction after an item's work: publishes its outputs and captures its tokens. */
  settleItem(input: {
    task: TaskRef
    holdId: string | null
    price: number
    outputs: ItemOutputs
  }): Promise<void>
  /** One transaction after work that failed or was cancelled: gives the tokens back. Idempotent. */
  abandonItem(input: { task: TaskRef; state: 'failed' | 'cancelled'; failure?: Failure }): Promise<void>
  /** Writes how the run ended; releases any hold that is still open for it. */
  endRun(input: {
    runId: string
    status: 'succeeded' | 'failed' | 'cancelled'
    failure?: Failure
  }): Promise<void>
}
