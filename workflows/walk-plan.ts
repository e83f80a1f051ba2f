/** Walks a plan: each node starts as soon as its inputs have settled. Pure, so that any graph can be tested. */
import type { Failure, PlannedNode } from '@defect-studio/nodes'
import type { Flow } from './flow.ts'

/** How a node ended, and what flows on from each of its output ports. */
export interface NodeEnd {
  state: 'succeeded' | 'failed' | 'skipped' | 'cancelled'
  outputs: Record<string, Flow>
  failure?: Failure
}

export interface NodeRunner {
  /** Runs a node whose inputs are all there. Never rejects: a failure is an end like any other. */
  run(node: PlannedNode, inputs: Record<string, Flow>): Promise<NodeEnd>
  /** Writes down a node that will not run. */
  pass(node: PlannedNode, state: 'skipped' | 'cancelled'): Promise<NodeEnd>
  isCancelled(): boolean
}

/**
 * @param nodes sorted: each after what it needs.
 * @returns how each node ended, in the order of the plan.
 */
export async function walkPlan(nodes: readonly PlannedNode[], runner: NodeRunner): Promise<NodeEnd[]> {
  const ends = new Map<string, Promise<NodeEnd>>()

  async function endOf(node: PlannedNode): Promise<NodeEnd> {
    const sources = await Promise.all(
      Object.entries(node.inputs).map(async ([port, from]) => {
        const end = await ends.get(from.nodeId)
        return { port, flow: end?.outputs[from.port] }
      }),
    )
    if (runner.isCancelled()) return runner.pass(node, 'cancelled')
    const inputs: Record<string, Flow> = {}
    for (const { port, flow } of sources) {
      // A connected input that nothing came out of: what depends on a failed node is not even tried.
      if (!flow || flow.items.length === 0) return runner.pass(node, 'skipped')
      inputs[port] = flow
    }
    return runner.run(node, inputs)
  }

  for (const node of nodes) ends.set(node.id, endOf(node))
  return Promise.all(ends.values())
}
