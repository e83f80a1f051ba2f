/** What a piece of work counts as in the statistics: the tool, its model, and the pictures that it made. */
import { findDefinition, type ItemOutputs, type PlannedNode } from '@defect-studio/nodes'

/** What `write_books` adds to the member's days; null for what nobody counts. */
export interface CountedWork {
  /** Node type. */
  tool: string
  model: string | null
}

const tools: readonly string[] = ['defect', 'generate', 'edit']

/** Tools make or change something, or cost something. Loading, choosing, saving and results that were pinned do not. */
export function countedWork({
  type,
  price,
  pinned,
  model,
}: Pick<PlannedNode, 'type' | 'price' | 'pinned' | 'model'>): CountedWork | null {
  const category = findDefinition(type)?.category
  const isTool = price > 0 || (category !== undefined && tools.includes(category))
  return isTool && !pinned ? { tool: type, model } : null
}

/** Pictures among what left a piece of work; masks are none. */
export function imagesIn(outputs: ItemOutputs, { tool }: CountedWork): number {
  const ports = findDefinition(tool)?.outputs ?? {}
  return Object.entries(outputs).reduce(
    (sum, [port, items]) => (ports[port]?.type === 'image' ? sum + items.length : sum),
    0,
  )
}
