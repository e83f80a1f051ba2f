/** Finds the definition of every planned node and parses its params, before anything of the run is done. */
import type { Failure, NodeDefinition, Plan, PlannedNode } from '@defect-studio/nodes'
import { findDefinition, planVersion } from '@defect-studio/nodes'
import type { Needs } from './walk-plan.ts'

export interface ReadNode {
  planned: PlannedNode
  definition: NodeDefinition
  params: Record<string, unknown>
}

export type ReadPlan =
  | { ok: true; nodes: Map<string, ReadNode> }
  /** Of a plan of another time nobody can say which node it is. */
  | { ok: false; nodeId: string | null; failure: Failure }

/** A plan is checked when it is made; it can still be wrong for a worker that is older or newer than the API. */
export function readPlan(plan: Plan): ReadPlan {
  const nodes = new Map<string, ReadNode>()
  // The type says what this code writes; what it reads may have been written by another version.
  if ((plan.planVersion as number) !== planVersion)
    return {
      ok: false,
      nodeId: null,
      failure: {
        type: 'invalid-graph',
        message: `The run was planned by another version of the studio (plan ${plan.planVersion}, this worker reads ${planVersion}).`,
        remedy: 'Start the run again.',
      },
    }
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

/** A node that takes wholes runs with what there is; any other needs every input that is connected and not optional. */
export function needsOf({ definition }: ReadNode): Needs {
  if (definition.kind === 'whole') return { kind: 'any' }
  const optional = Object.entries(definition.inputs).filter(([, port]) => port.optional)
  return { kind: 'all', optional: new Set(optional.map(([port]) => port)) }
}
