/** Refuses models that no server has, before a run waits for them. */
import { findDefinition, type GraphProblem, paramMeta, type Plan } from '@defect-studio/nodes'

/** @param known ids of the models that servers have; null when no server has said yet. */
export function checkModels(plan: Plan, known: ReadonlySet<string> | null): GraphProblem[] {
  if (!known) return []
  return plan.nodes.flatMap((node) => {
    const definition = findDefinition(node.type)
    if (!definition) return []
    return paramMeta(definition).flatMap(([field, meta]): GraphProblem[] => {
      const model = node.params[field]
      if (meta.widget !== 'model' || typeof model !== 'string' || known.has(model)) return []
      // What the form hides, the node does not use.
      if (meta.showWhen && node.params[meta.showWhen.field] !== meta.showWhen.equals) return []
      return [
        {
          code: 'unknown-model',
          nodeId: node.id,
          field,
          message: `No server has the model "${model}".`,
          remedy: `Choose one of: ${[...known].slice(0, 20).join(', ')}.`,
        },
      ]
    })
  })
}
