/** Makes a stored list of a part of another. */
import type { CollectionRef, TaskRef } from '@defect-studio/nodes'
import { createCollection, readCollection } from '@defect-studio/stores'
import type { IoDependencies } from '../index.ts'
import { grantCollection } from './grant-collection.ts'

/**
 * Items keep their places, so that seeds and rows mean the same with and without the limit.
 * @param from 0-based.
 */
export async function limitCollection(
  { db, artifacts }: Pick<IoDependencies, 'db' | 'artifacts'>,
  { collection, from, count }: { collection: CollectionRef; from: number; count: number },
  task: TaskRef,
): Promise<CollectionRef | null> {
  if (from === 0 && count >= collection.count) return collection
  const { items } = await readCollection(artifacts, collection)
  const part = items.map((item, index) => ({ index, ...item })).slice(from, from + count)
  if (part.length === 0) return null
  const limited = await createCollection(artifacts, part)
  await grantCollection(db, limited, task.runId)
  return limited
}
