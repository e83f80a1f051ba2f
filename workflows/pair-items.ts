/** Brings together, by item name, what arrives at the inputs of a node: one group for each item to work on. */
import type { Failure, Item, JsonValue, Made } from '@defect-studio/nodes'
import { nameTogether } from '@defect-studio/nodes'
import type { InputFlow } from './flow.ts'

export interface ItemGroup {
  name: string
  /** 0-based, from the first collection: it stays the same whatever happens to the neighbours. */
  index: number
  /** Port name → the item that goes in. */
  inputs: Record<string, Item>
  /** For a source: what its list says of the item. */
  value?: JsonValue
  /** For a source: how the picture was made, as its list says. */
  made?: Made
}

export type PairedItems = { ok: true; many: boolean; groups: ItemGroup[] } | { ok: false; failure: Failure }

/**
 * A single item goes with every item of a collection. Several collections must hold the same names; they are
 * paired by name, so that their order does not matter. Names that are missing on a way where items failed or went
 * elsewhere are passed over; then there may be no group at all.
 */
export function pairItems(nodeId: string, inputs: readonly InputFlow[]): PairedItems {
  const collections = inputs
    .filter((input) => input.flow.many)
    .map((input) => ({ ...input, byKey: keyedByName(input.flow.items) }))
  const [first, ...others] = collections
  if (!first) return { ok: true, many: false, groups: [group(nodeId, 0, inputs, undefined)] }

  const keys = [...first.byKey.keys()].filter((key) => others.every(({ byKey }) => byKey.has(key)))
  const shared = new Set(keys)
  const excused = collections.some(({ flow }) => flow.partial)
  const strays = collections.map(({ port, byKey }) => ({
    port,
    names: [...byKey].filter(([key]) => !shared.has(key)).map(([, item]) => item.name),
  }))
  if (!excused && strays.some(({ names }) => names.length > 0))
    return { ok: false, failure: mismatch(strays) }

  const groups = keys.map((key, place) => {
    const chosen = new Map(collections.flatMap(({ port, byKey }) => optional(port, byKey.get(key))))
    return group(nodeId, first.byKey.get(key)?.index ?? place, inputs, chosen)
  })
  return { ok: true, many: true, groups }
}

/** Two items of one name are told apart by their order: `a.png` and the second `a.png`. */
function keyedByName(items: readonly Item[]): Map<string, Item> {
  const seen = new Map<string, number>()
  return new Map(
    items.map((item) => {
      const count = (seen.get(item.name) ?? 0) + 1
      seen.set(item.name, count)
      return [`${count}:${item.name}`, item]
    }),
  )
}

const optional = (port: string, item: Item | undefined): [string, Item][] => (item ? [[port, item]] : [])

function group(
  nodeId: string,
  index: number,
  inputs: readonly InputFlow[],
  chosen: ReadonlyMap<string, Item> | undefined,
): ItemGroup {
  const items = inputs.flatMap(({ port, flow, ...rest }) => {
    const item = chosen?.get(port) ?? flow.items[0]
    return item ? [{ port, item, many: flow.many, ...rest }] : []
  })
  return {
    // The plan names them by the same rule, so that pairs which it found to fit do fit.
    name: nameTogether(
      nodeId,
      items.map(({ item, type, sourceId, many }) => ({ name: item.name, type, sourceId, many })),
    ),
    index,
    inputs: Object.fromEntries(items.map(({ port, item }) => [port, item])),
  }
}

/** So many names are spelt out in one message; the rest is counted. */
const namesShown = 5

function mismatch(strays: readonly { port: string; names: readonly string[] }[]): Failure {
  const parts = strays
    .filter(({ names }) => names.length > 0)
    .map(({ port, names }) => {
      const shown = names.slice(0, namesShown).map((name) => `"${name}"`)
      const rest = names.length - shown.length
      return `only on "${port}": ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    })
  return {
    type: 'invalid-input',
    message: `The collections at the inputs do not hold the same names: ${parts.join('; ')}.`,
    remedy: 'Connect collections that come from the same folder, or rename the files so that they match.',
  }
}
