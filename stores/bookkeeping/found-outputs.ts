/** Fits outputs that were found to the item that they are found for: its name, its place, its node. */
import type { ItemOutputs } from '@defect-studio/nodes'
import { renameOutputs } from './rename-outputs.ts'

interface Finder {
  nodeId: string
  name: string
  index: number
  /** How many items one item of the node becomes. */
  fanOut: number
}

/** @param maker the item that the outputs were made for: its node, name and 0-based place. */
export function fitOutputs(
  outputs: ItemOutputs,
  maker: { nodeId: string; name: string; index: number },
  finder: Finder,
): ItemOutputs {
  const shift = (finder.index - maker.index) * finder.fanOut
  return Object.fromEntries(
    Object.entries(renameOutputs(outputs, maker.name, finder.name)).map(([port, items]) => [
      port,
      items.map((item) => ({
        ...item,
        index: Math.max(0, item.index + shift),
        // What only passed through its node was made elsewhere.
        ...(item.made?.nodeId === maker.nodeId ? { made: { ...item.made, nodeId: finder.nodeId } } : {}),
      })),
    ]),
  )
}
