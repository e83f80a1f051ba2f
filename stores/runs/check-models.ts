/** Refuses models that no server has, before a run waits for them. */
import { findDefinition, type GraphProblem, isShown, paramMeta, type Plan } from '@defect-studio/nodes'
import type { KnownModels } from './known-models.ts'

/** @param known null when no server has said yet. */
export function checkModels(plan: Plan, known: KnownModels | null): GraphProblem[] {
  if (!known) return []
  return plan.nodes.flatMap((node) => {
    const definition = findDefinition(node.type)
    if (!definition || node.pinned) return []
    return paramMeta(definition).flatMap(([field, meta]): GraphProblem[] => {
      const model = node.params[field]
      if (meta.widget !== 'model' || typeof model !== 'string' || known.has(model)) return []
      // What the form hides, the node does not use.
      if (!isShown(meta, node.params)) return []
      return [
        {
          code: 'unknown-model',
          nodeId: node.id,
          field,
          message: `No server has the model "${model}".`,
          remedy: `Choose one of: ${[...known.keys()].slice(0, 20).join(', ')}.`,
        },
      ]
    })
  })
}
