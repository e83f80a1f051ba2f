/** Says in one text what the result for one item depends on, so that what was made once need not be made again. */
import { canonicalJson } from './canonical-json.ts'
import type { NodeDefinition } from './define-node.ts'
import { isShown, paramMeta } from './param-meta.ts'
import { NamedCollection, NamedImage } from './params.ts'
import type { PlannedNode } from './plan.ts'
import type { Item } from './ports.ts'

/** Whether others may use what this node makes: it follows from what goes in, and leaves nothing else behind. */
export function isCacheable(definition: Pick<NodeDefinition, 'cacheable' | 'category' | 'kind'>): boolean {
  if (definition.kind === 'whole') return false
  return definition.cacheable ?? ['defect', 'generate', 'edit'].includes(definition.category)
}

/**
 * What the result depends on, as canonical JSON: type and version of the node, digest of its model, params (without
 * the names of files, and without those that its form hides), what comes in by content, and the types of what goes out.
 * The name of the item is no part of it: see `renameOutputs`.
 * @param params of this item, from `itemParams`.
 * @param inputs port → item, also `params.<field>`, whose value the params have already.
 * @returns null when the result is nobody else's, or when nobody can say which model it would be made with.
 */
export function itemRecipe(
  node: Pick<PlannedNode, 'type' | 'version' | 'model' | 'modelDigest'>,
  definition: NodeDefinition,
  params: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, Pick<Item, 'value'>>>,
): string | null {
  if (!isCacheable(definition) || (node.model !== null && node.modelDigest === null)) return null
  return itemIdentity(node, definition, params, inputs)
}

/** The same for any node: what an item of this very run is known by, when a later run takes its results over. */
export function itemIdentity(
  node: Pick<PlannedNode, 'type' | 'version' | 'modelDigest'>,
  definition: NodeDefinition,
  params: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, Pick<Item, 'value'>>>,
): string {
  return canonicalJson({
    type: node.type,
    version: node.version,
    modelDigest: node.modelDigest,
    params: Object.fromEntries(
      paramMeta(definition).flatMap(([field, meta]) =>
        isShown(meta, params) ? [[field, withoutName(params[field])]] : [],
      ),
    ),
    inputs: Object.keys(definition.inputs).flatMap((port) => {
      const value = inputs[port]?.value
      return value === undefined ? [] : [[port, typeof value === 'object' ? { key: value.key } : value]]
    }),
    outputs: Object.entries(definition.outputs).map(([port, { type }]) => [port, type]),
  })
}

/** A file is its content: the same picture under another name makes the same. */
function withoutName(value: unknown): unknown {
  for (const Named of [NamedImage, NamedCollection]) {
    const named = Named.safeParse(value)
    if (named.success) return { key: named.data.key }
  }
  return value
}
