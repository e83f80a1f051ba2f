/** How the things that come out of a node are called: after the item that went in. */
import type { ItemOutputs, PortType } from './ports.ts'

/** Of several things made of one item each gets a number, from 1: `metal.png` becomes `metal-1.png`. */
export function numberedName(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? `${name.slice(0, dot)}-${number}${name.slice(dot)}` : `${name}-${number}`
}

/** What meets at a node for one of its items: one for each connected port, in the order of the definition. */
export interface Met {
  name: string
  type: PortType
  /** The node that it comes from. */
  sourceId: string
  /** Whether it is one of a collection. */
  many: boolean
}

/**
 * The name of the item that these make together. One of a collection names it, before what goes with every item; a
 * picture's name is a file's name, so it goes before texts and numbers. A text that nobody named bears the id of its
 * node, which says nothing here.
 */
export function nameTogether(nodeId: string, met: readonly Met[]): string {
  const listed = met.filter(({ many }) => many)
  const named = listed.length > 0 ? listed : met
  const first =
    named.find(({ type }) => type === 'image' || type === 'mask') ??
    named.find(({ name, sourceId }) => name !== sourceId)
  return first?.name ?? nodeId
}

/** So many pictures one item becomes at most; each may have a number. */
const mostNumbers = 1000

/**
 * Outputs that were made for another item, under the names that they would have got here: what was called as that item,
 * or numbered after it, follows; any other name stays.
 */
export function renameOutputs(outputs: ItemOutputs, fromName: string, toName: string): ItemOutputs {
  if (fromName === toName) return outputs
  return Object.fromEntries(
    Object.entries(outputs).map(([port, items]) => [
      port,
      items.map((item) => ({ ...item, name: renamed(item.name, items.length, fromName, toName) })),
    ]),
  )
}

function renamed(name: string, count: number, fromName: string, toName: string): string {
  if (name === fromName) return toName
  for (let number = 1; number <= Math.min(count, mostNumbers); number++)
    if (name === numberedName(fromName, number)) return numberedName(toName, number)
  return name
}
