/** What arrives at a node's input while a run goes on: an edge's value, and what is known of its way here. */
import type { EdgeValue } from '@defect-studio/nodes'

export interface Flow extends EdgeValue {
  /** Some items were lost on the way because a node failed for them; that failure is reported where it was. */
  partial: boolean
}

/** A flow at the input of a node. */
export interface InputFlow {
  port: string
  type: 'image' | 'mask' | 'text'
  /** The node that it comes from. */
  sourceId: string
  flow: Flow
}
