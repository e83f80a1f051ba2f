/** Refuses models that no server has, or that are somebody else's, before a run waits for them. */
import { findDefinition, type GraphProblem, isShown, paramMeta, type Plan } from '@defect-studio/nodes'
import type { ModelsForRun } from './known-models.ts'

/** What is not there and what is not the starter's to use are refused in the same words: ids cannot be probed. */
export function checkModels(plan: Plan, { known, foreign }: ModelsForRun): GraphProblem[] {
  return plan.nodes.flatMap((node) => {
    const definition = findDefinition(node.type)
    if (!definition || node.pinned) return []
    return paramMeta(definition).flatMap(([field, meta]): GraphProblem[] => {
      const model = node.params[field]
      if (meta.widget !== 'model' || typeof model !== 'string') return []
      // While no server has said what it has, only what is known to be somebody else's is refused.
      if (!foreign.has(model) && (known === null || known.has(model))) return []
      // What the form hides, the node does not use.
      if (!isShown(meta, node.params)) return []
      return [
        {
          code: 'unknown-model',
          nodeId: node.id,
          field,
          message: `No server has the model "${model}", or it is not yours.`,
          remedy: known
            ? `Choose one of: ${[...known.keys()].slice(0, 20).join(', ')}.`
            : 'Choose another model.',
        },
      ]
    })
  })
}
