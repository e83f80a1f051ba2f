/** One node of the plan: everything that a run has to know of it. */
import { z } from 'zod'
import type { NodeDefinition } from '../define-node.ts'
import { JsonValue } from '../json-value.ts'
import { isShown, paramMeta } from '../param-meta.ts'
import type { PlannedNode } from '../plan.ts'
import type { Draft } from './draft.ts'
import type { PlanFacts } from './plan-facts.ts'

export function planNode(
  { node, definition, params, inputs, lanes, list, fanOut }: Draft,
  segment: string | null,
  facts: PlanFacts,
): PlannedNode {
  const model = modelOf(definition, params)
  const pinned =
    node.pinned &&
    Object.fromEntries(
      Object.entries(node.pinned).map(([port, items]) => [
        port,
        items.map((item, index) => ({ ...item, index })),
      ]),
    )
  return {
    id: node.id,
    type: node.type,
    version: definition.version,
    title: node.title ?? definition.title,
    params: z.record(z.string(), JsonValue).parse(params),
    inputs: Object.fromEntries(inputs.map(({ port, source }) => [port, source])),
    price: definition.price(params, facts.prices),
    items: lanes.items,
    fanOut,
    ...(list && !pinned ? { collection: list.collection } : {}),
    ...(pinned ? { pinned } : {}),
    onFailure: node.onFailure ?? 'skip-dependents',
    attempts: node.attempts ?? null,
    modelDigest: model === null ? null : (facts.models.get(model)?.digest ?? null),
    model,
    segment,
  }
}

/** The model that the node uses; what its form hides it does not use. */
function modelOf(definition: NodeDefinition, params: Record<string, unknown>): string | null {
  for (const [field, meta] of paramMeta(definition)) {
    const model = params[field]
    if (meta.widget === 'model' && isShown(meta, params) && typeof model === 'string') return model
  }
  return null
}
