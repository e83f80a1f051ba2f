/** Makes one stored list of several. */
import type { CollectionRef, TaskRef } from '@defect-studio/nodes'
import { createCollection, readCollection } from '@defect-studio/stores'
import type { IoDependencies } from '../index.ts'
import { grantCollection } from './grant-collection.ts'

/** Each item gets the place that it has in the new list: the places of before would come several times. */
export async function mergeCollections(
  { db, artifacts }: Pick<IoDependencies, 'db' | 'artifacts'>,
  collections: readonly CollectionRef[],
  task: TaskRef,
): Promise<CollectionRef> {
  const lists = []
  for (const collection of collections) lists.push(await readCollection(artifacts, collection))
  const items = lists.flatMap((list) => list.items)
  const merged = await createCollection(
    artifacts,
    items.map((item, index) => ({ ...item, index })),
  )
  await grantCollection(db, merged, task.runId)
  return merged
}
