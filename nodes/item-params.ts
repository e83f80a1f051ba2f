/** The params with which a node works on one item: its own seed, and what edges feed. */
import { seedPlus, type NodeDefinition } from './define-node.ts'
import { StudioError } from './failures.ts'
import { paramMeta } from './param-meta.ts'
import type { Item } from './ports.ts'

/**
 * @param params as `definition.params` parsed those of the plan.
 * @param itemIndex 0-based place of the item among all of its node. Each item begins with the seed after the last
 *   picture of the one before it; a seed that an edge feeds is used as it is.
 * @param linked param → what its edge brought for this item.
 * @throws StudioError 'invalid-input' when a linked value is outside what the param allows.
 */
export function itemParams(
  definition: NodeDefinition,
  params: Record<string, unknown>,
  itemIndex: number,
  linked: Readonly<Record<string, Item['value']>>,
): Record<string, unknown> {
  const fanOut = definition.fanOut?.(params) ?? 1
  const own: Record<string, unknown> = { ...params }
  for (const [field, meta] of paramMeta(definition)) {
    const seed = own[field]
    if (meta.widget === 'seed' && typeof seed === 'number') own[field] = seedPlus(seed, itemIndex * fanOut)
  }
  const fields = Object.keys(linked)
  if (fields.length === 0) return own
  const read = definition.params.safeParse({ ...own, ...linked })
  if (read.success) return read.data
  const [issue] = read.error.issues
  const field = issue?.path.join('.') || (fields[0] ?? 'params')
  throw new StudioError(
    'invalid-input',
    `What came in for the param "${field}" cannot be used: ${issue?.message ?? 'unknown'}`,
  )
}
