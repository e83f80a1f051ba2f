/** Finds a node's definition by its type. */
import * as catalogue from './catalogue/index.ts'
import type { NodeDefinition } from './define-node.ts'

/**
 * The catalogue without each node's own types: whoever walks a graph knows a node only by its name. The
 * params that `run` and `price` get are the ones that `params.parse` returned, which makes this one cast safe.
 */
const definitions = new Map(
  Object.values(catalogue).map((definition) => [definition.type, definition as unknown as NodeDefinition]),
)

export const nodeDefinitions: readonly NodeDefinition[] = [...definitions.values()]

export function findDefinition(type: string): NodeDefinition | undefined {
  return definitions.get(type)
}
