/** Turns what a node's `run` returned into named items that say how they were made. */
import type { Item, ItemOutputs, Made, NodeDefinition, PlannedNode } from '@defect-studio/nodes'
import { StudioError } from '@defect-studio/nodes'

type RunOutputs = Awaited<ReturnType<NodeDefinition['run']>>

export function stampOutputs(
  node: Pick<PlannedNode, 'id' | 'type'>,
  definition: Pick<NodeDefinition, 'category' | 'outputs'>,
  itemName: string,
  outputs: RunOutputs,
): ItemOutputs {
  return Object.fromEntries(
    Object.entries(definition.outputs).map(([port, { type }]) => {
      const output = outputs[port]
      const items =
        output === undefined ? [] : 'items' in output ? output.items : [{ name: itemName, ...output }]
      if (items.length === 0)
        throw new StudioError('internal', `Node type "${node.type}" gave nothing on its output "${port}".`)
      return [
        port,
        items.map(({ name, value, made }): Item => {
          const stamp = type === 'text' ? undefined : madeBy(node, definition, made)
          return { name, value, ...(stamp ? { made: stamp } : {}) }
        }),
      ]
    }),
  )
}

/** An output node hands on how its picture was made; a loaded picture was made by nobody here. */
function madeBy(
  node: Pick<PlannedNode, 'id' | 'type'>,
  definition: Pick<NodeDefinition, 'category'>,
  partial: Partial<Made> | undefined,
): Made | undefined {
  const passesThrough = definition.category === 'input' || definition.category === 'output'
  if (passesThrough && !partial) return undefined
  return { tool: node.type, nodeId: node.id, ...partial }
}
