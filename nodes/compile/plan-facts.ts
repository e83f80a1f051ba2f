/** What a plan is made of besides the graph. */
import type { CollectionRef } from '../ports.ts'
import type { Prices } from '../prices.ts'

/** What only the world knows, looked up before the plan is made: the compiler itself asks nobody. */
export interface PlanFacts {
  /**
   * A random whole number in 0 … 2^32 - 1; called once for each empty seed that has an effect, in the order of the
   * plan, so that the plan is the only place where chance enters a run.
   */
  drawSeed(): number
  /** `nodeId.field` → the seed that an earlier run drew: kept instead of drawing. */
  seeds?: ReadonlyMap<string, number>
  /** For every node of kind `source`: the list that it maps over. */
  lists: ReadonlyMap<string, { collection: CollectionRef; names: readonly string[] }>
  /** Model id → digest of its files; null where nobody has said. */
  models: ReadonlyMap<string, { digest: string | null }>
  prices: Prices
  priceVersion: number
  /** The run whose settled results are taken over where nothing changed. */
  carryFrom?: string | null
  /** Results of other runs are not looked for. */
  fresh?: boolean
}
