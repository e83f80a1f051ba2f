/** What arrives at a node's input while a run goes on: an edge's value, and what is known of its way here. */
import type { CollectionRef, EdgeValue, PortType } from '@defect-studio/nodes'

export interface Flow extends EdgeValue {
  /** Names may be missing that others on the same way have: items failed, or went another way. */
  partial: boolean
  /** Something failed on the way, so that nothing is tried without it. */
  broken: boolean
  /** The items are not here: they are in a stored list, or in the rows of the node that made them. */
  stored?: CollectionRef | 'rows'
}

/** What the way behind a node looks like when the node gave nothing. */
export type Way = Pick<Flow, 'partial' | 'broken'>

export const noFlow = (way: Way): Flow => ({ many: false, items: [], ...way })

export const isEmptyFlow = (flow: Flow): boolean => flow.items.length === 0 && flow.stored === undefined

/** One way that several ways lead into. */
export const joinWays = (ways: readonly Way[]): Way => ({
  partial: ways.some(({ partial }) => partial),
  broken: ways.some(({ broken }) => broken),
})

/** A flow at the input of a node. */
export interface InputFlow {
  /** An input port, or `params.<field>`. */
  port: string
  type: PortType
  /** The node that it comes from. */
  sourceId: string
  flow: Flow
}
