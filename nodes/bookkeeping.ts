/** The contract between the interpreter and the books: what is written down about a run, and in which order. */
import type { Failure } from './failures.ts'
import type { Plan } from './plan.ts'
import type { CollectionRef, ItemOutputs, ManifestItem } from './ports.ts'

/** One item that is about to be worked on. */
export interface PreparedItem {
  index: number
  name: string
  /**
   * What the result depends on, as canonical JSON (node type and version, model digest, params with their seed, ordered
   * hashes of the inputs); its SHA-256 is the key of the result. Null: the result is nobody else's.
   */
  recipe: string | null
  /**
   * For an item without a recipe: the same, so that a run which takes this one up again finds what the same node made
   * of an item of the same name, and does not, say, save a picture twice. Absent: it is done again.
   */
  carryRecipe?: string | null
}

export type Preparation =
  /** Go on and work. `server` has the model in its memory, if one does. */
  | { kind: 'held'; holdId: string | null; server?: string }
  /** Settled before by this run (`saved` 0), or found: by this run's parent, or by another run of the department. */
  | { kind: 'done'; outputs: ItemOutputs; cached: boolean }
  /** Another piece of work makes the same result now: prepare again a little later. */
  | { kind: 'wait' }
  | { kind: 'refused'; failure: Failure }

/** `name` of an item that was not prepared, because nothing had to be asked before its work. */
export type ItemEndEntry = { index: number; name?: string } & (
  | { state: 'succeeded'; outputs: ItemOutputs; worker: string | null }
  | { state: 'failed'; failure: Failure }
  | { state: 'cancelled' }
)

/** One entry of the books. Each is idempotent by run, node and item: sent again it changes nothing. */
export type BookEntry =
  | {
      kind: 'mark'
      nodeId: string
      state: 'running' | 'cached' | 'succeeded' | 'failed' | 'skipped' | 'cancelled'
      /** How many items the node has, when that has become known. */
      itemsTotal?: number
      failure?: Failure
    }
  /** Looks for results that exist, holds the tokens of the rest (one hold for all of them), marks the node running. */
  | { kind: 'prepare'; nodeId: string; price: number; lookUp: boolean; items: PreparedItem[] }
  /**
   * Publishes what succeeded and lets others find it, writes down what did not. A hold is captured, for what succeeded
   * of it, as soon as none of its items is open.
   */
  | { kind: 'settle'; nodeId: string; price: number; items: ItemEndEntry[] }

/** For `prepare`: one for each item, in their order. For the others: nothing. */
export type BookAnswer = { kind: 'prepared'; items: Preparation[] } | { kind: 'written' }

/** A result that was found, and taken over into the books, before the workflow asked for it. */
export interface FoundItem {
  nodeId: string
  /** Of the item. */
  index: number
  outputs: ItemOutputs
  /** Found; else settled before by this run. */
  cached: boolean
}

export interface BegunRun {
  plan: Plan
  departmentId: string
  /** 1 (interactive) … 5 (training): who goes first on a queue. */
  priority: number
  paused: boolean
  /** The books say of these items what they would say to `prepare`. */
  found?: FoundItem[]
}

/** Local activities on the `graph` queue: short database transactions. */
export interface Bookkeeping {
  /** Marks the run as running and returns its plan. Called again after a crash it returns the same. */
  beginRun(input: { runId: string }): Promise<BegunRun>
  /** The same for a batch of the run, which may begin many times: it changes nothing. */
  readRun(input: { runId: string }): Promise<BegunRun>
  /** In the order given. A node that has ended and an item that is settled stay as they are. */
  write(input: { runId: string; entries: BookEntry[] }): Promise<BookAnswer[]>
  /** A slice of a stored list, or those of the names that are in it, in the order of the names. */
  readItems(input: {
    collection: CollectionRef
    slice: { from: number; count: number } | { names: string[] }
  }): Promise<ManifestItem[]>
  /**
   * Everything that left one port of a node in this run, in order, as a stored list.
   * @returns null when nothing left it.
   */
  gather(input: { runId: string; nodeId: string; port: string }): Promise<CollectionRef | null>
  /** Writes how the run ended; gives back every hold that is still open for it. */
  endRun(input: {
    runId: string
    status: 'succeeded' | 'failed' | 'cancelled'
    failure?: Failure
  }): Promise<void>
}
