/** Makes lists of every picture with every point, which pair by name. */
import {
  type CollectionRef,
  type CombinedCollections,
  type CombinedLists,
  type ManifestItem,
  maxCollectionItems,
  StudioError,
  type TaskRef,
} from '@defect-studio/nodes'
import { createCollection, readCollection, withUniqueNames } from '@defect-studio/stores'
import { grantCollection } from '../control/grant-collection.ts'
import type { ImportWorld } from './import-picture.ts'

interface Row {
  name: string
  index: number
  /** For each port what the list says of it. */
  items: Map<string, ManifestItem>
}

type Ports = Readonly<Partial<Record<string, CollectionRef>>>

export async function combineCollections(
  { db, artifacts }: Pick<ImportWorld, 'db' | 'artifacts'>,
  { pictures, points }: CombinedLists,
  task: TaskRef,
): Promise<CombinedCollections> {
  const read = async (lists: Ports) => {
    const rows = new Map<string, Row>()
    for (const [port, list] of Object.entries(lists)) {
      if (!list) continue
      const { items } = await readCollection(artifacts, list)
      for (const [place, item] of items.entries()) {
        const row = rows.get(item.name) ?? { name: item.name, index: item.index ?? place, items: new Map() }
        row.items.set(port, item)
        rows.set(item.name, row)
      }
    }
    return [...rows.values()]
  }
  const combined = combineRows(await read({ ...pictures }), await read(points))
  const made: CombinedCollections = {}
  for (const port of ['image', 'mask', 'prompt', 'seed', 'strength', 'guidance', 'steps'] as const) {
    const items = combined.flatMap(({ name, index, picture, point }) => {
      const item = picture.items.get(port) ?? point.items.get(port)
      return item ? [{ ...item, name, index }] : []
    })
    if (items.length === 0) continue
    const collection = await createCollection(artifacts, items)
    await grantCollection(db, collection, task.runId)
    made[port] = collection
  }
  return made
}

/** A mask without its picture is left out. Places leave room for what failed before, so that they stay the same. */
function combineRows(pictures: readonly Row[], points: readonly Row[]) {
  const whole = pictures.filter((row) => row.items.has('image'))
  const count = whole.length * points.length
  if (count > maxCollectionItems)
    throw new StudioError(
      'invalid-input',
      `${whole.length} pictures with ${points.length} points are ${count}; one list may have ${maxCollectionItems}.`,
    )
  const span = points.reduce((most, { index }) => Math.max(most, index + 1), 0)
  return withUniqueNames(
    whole.flatMap((picture) =>
      points.map((point) => ({
        name: joinNames(picture.name, point.name),
        index: picture.index * span + point.index,
        picture,
        point,
      })),
    ),
  )
}

/** `part.png` and `grid-0003` give `part grid-0003.png`; at most 255 characters, as names have. */
function joinNames(picture: string, point: string): string {
  const dot = picture.lastIndexOf('.')
  const [stem, ending] =
    dot > picture.lastIndexOf('/') + 1 ? [picture.slice(0, dot), picture.slice(dot)] : [picture, '']
  const end = ` ${point}${ending}`.slice(-200)
  return `${stem.slice(0, 255 - end.length)}${end}`
}
