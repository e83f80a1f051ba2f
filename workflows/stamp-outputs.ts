/** Turns what a node's `run` returned into named items that say how they were made. */
import type { Item, ItemOutputs, Made, NodeDefinition, PlannedNode } from '@defect-studio/nodes'
import { StudioError } from '@defect-studio/nodes'
import type { ItemGroup } from './pair-items.ts'

type RunOutputs = Awaited<ReturnType<NodeDefinition['run']>>

/** @param fanOut how many items one item becomes: the place of each follows from it. */
export function stampOutputs(
  node: Pick<PlannedNode, 'id' | 'type' | 'fanOut'>,
  definition: Pick<NodeDefinition, 'category' | 'outputs'>,
  group: Pick<ItemGroup, 'name' | 'index'>,
  outputs: RunOutputs,
): ItemOutputs {
  return Object.fromEntries(
    Object.entries(definition.outputs).map(([port, { type, sometimes }]) => {
      const output = outputs[port]
      const items =
        output === undefined ? [] : 'items' in output ? output.items : [{ name: group.name, ...output }]
      if (items.length === 0 && !sometimes)
        throw new StudioError('internal', `Node type "${node.type}" gave nothing on its output "${port}".`)
      return [
        port,
        items.map(({ name, value, made }, offset): Item => {
          const stamp = type === 'image' || type === 'mask' ? madeBy(node, definition, made) : undefined
          const index = group.index * node.fanOut + offset
          return { name, value, index, ...(stamp ? { made: stamp } : {}) }
        }),
      ]
    }),
  )
}

/** What only passes through keeps how it was made; a loaded picture was made by nobody here. */
function madeBy(
  node: Pick<PlannedNode, 'id' | 'type'>,
  definition: Pick<NodeDefinition, 'category'>,
  partial: Partial<Made> | undefined,
): Made | undefined {
  const passesThrough = ['input', 'control', 'output'].includes(definition.category)
  if (passesThrough && !partial) return undefined
  return { tool: node.type, nodeId: node.id, ...partial }
}
