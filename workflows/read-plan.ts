/** Finds the definition of every planned node and parses its params, before anything of the run is done. */
import type { Failure, NodeDefinition, Plan, PlannedNode } from '@defect-studio/nodes'
import { findDefinition } from '@defect-studio/nodes'

export interface ReadNode {
  planned: PlannedNode
  definition: NodeDefinition
  params: Record<string, unknown>
}

export type ReadPlan =
  { ok: true; nodes: Map<string, ReadNode> } | { ok: false; nodeId: string; failure: Failure }

/** A plan is checked when it is made; it can still be wrong for a worker that is older or newer than the API. */
export function readPlan(plan: Plan): ReadPlan {
  const nodes = new Map<string, ReadNode>()
  for (const planned of plan.nodes) {
    const refuse = (message: string, remedy: string): ReadPlan => ({
      ok: false,
      nodeId: planned.id,
      failure: { type: 'invalid-graph', message: `${planned.title}: ${message}`, remedy },
    })
    const definition = findDefinition(planned.type)
    if (!definition)
      return refuse(
        `this worker has no node of type "${planned.type}".`,
        'Start workers of the same version as the studio, then run again.',
      )
    // A ZodError thrown here would make the server try the task for ever; a failed parse must end the run.
    const params = definition.params.safeParse(planned.params)
    if (!params.success) {
      const [issue] = params.error.issues
      const field = issue?.path.join('.') || 'params'
      return refuse(
        `the param "${field}" cannot be used: ${issue?.message ?? 'unknown'}.`,
        'Change the value in the form of the node, then run again.',
      )
    }
    nodes.set(planned.id, { planned, definition, params: params.data })
  }
  return { ok: true, nodes }
}
