/** Reads stored lists through the books, and gives each of their things its place. */
import type { CollectionRef, ManifestItem } from '@defect-studio/nodes'
import { Item, StudioError } from '@defect-studio/nodes'
import { localBooks } from './activity-proxies.ts'
import { always, type OpenRun } from './open-run.ts'
import type { SourceItem } from './world.ts'

/** Things `from` … `from + count - 1` of the list; their place in the list is their index. */
export async function readSlice(
  { books }: OpenRun,
  collection: CollectionRef,
  from = 0,
  count = collection.count,
): Promise<SourceItem[]> {
  const slice = { from, count }
  const items = await books.call(() => always(() => localBooks.readItems({ collection, slice })))
  return items.map((item, place) => sourceItem(item, from + place))
}

/** Those that are named; each takes the place of the item beside which it stands. */
export async function readBeside(
  { books }: OpenRun,
  collection: CollectionRef,
  beside: readonly Pick<SourceItem, 'name' | 'index'>[],
): Promise<SourceItem[]> {
  const places = new Map(beside.map(({ name, index }) => [name, index]))
  const slice = { names: [...places.keys()] }
  const items = await books.call(() => always(() => localBooks.readItems({ collection, slice })))
  return items.map((item, place) => sourceItem(item, places.get(item.name) ?? place))
}

const sourceItem = ({ name, value, made }: ManifestItem, index: number): SourceItem => ({
  name,
  index,
  value,
  ...(made ? { made } : {}),
})

/** @throws StudioError when the list holds something that cannot travel along an edge. */
export function asItem(item: SourceItem): Item {
  const read = Item.safeParse(item)
  if (read.success) return read.data
  throw new StudioError(
    'invalid-input',
    `"${item.name}" in the list is neither a picture, a text nor a number.`,
  )
}
