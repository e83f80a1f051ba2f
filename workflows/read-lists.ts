/** Reads stored lists through the books, and gives each of their things its place. */
import type { Bookkeeping, CollectionRef, ManifestItem } from '@defect-studio/nodes'
import { Item, StudioError } from '@defect-studio/nodes'
import type { SourceItem, World } from './world.ts'

export type ListReader = Pick<Bookkeeping, 'readItems'>

/** Things `from` … `from + count - 1` of the list; their place in the list is their index. */
export async function readSlice(
  { readItems }: ListReader,
  collection: CollectionRef,
  from = 0,
  count = collection.count,
): Promise<SourceItem[]> {
  const items = await readItems({ collection, slice: { from, count } })
  return items.map((item, place) => sourceItem(item, from + place))
}

/** Those that are named; each takes the place of the item beside which it stands. */
export async function readBeside(
  { readItems }: ListReader,
  collection: CollectionRef,
  beside: readonly Pick<SourceItem, 'name' | 'index'>[],
): Promise<SourceItem[]> {
  const places = new Map(beside.map(({ name, index }) => [name, index]))
  const items = await readItems({ collection, slice: { names: [...places.keys()] } })
  return items.map((item, place) => sourceItem(item, places.get(item.name) ?? place))
}

/** How lists come into a run that goes item by item: whole. */
export function wholeLists(reader: ListReader): Pick<World, 'readSource' | 'readList'> {
  return {
    readSource: async ({ collection }) => (collection ? readSlice(reader, collection) : []),
    async readList(list, beside) {
      const items = beside ? await readBeside(reader, list, beside) : await readSlice(reader, list)
      return items.map(asItem)
    },
  }
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
