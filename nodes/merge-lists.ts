/** What every node that merges lists does with those that came. */
import type { Activities } from './activities.ts'
import type { CollectionRef } from './ports.ts'

/** @returns null when no list came; the list itself when it is the only one. */
export async function mergeLists(
  activities: Pick<Activities, 'mergeCollections'>,
  lists: readonly (CollectionRef | undefined)[],
): Promise<CollectionRef | null> {
  const collections = lists.filter((list) => list !== undefined)
  const [first, ...others] = collections
  if (!first || others.length === 0) return first ?? null
  const { collection } = await activities.mergeCollections({ collections })
  return collection
}
