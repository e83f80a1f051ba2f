/** Fetches what stands in stored lists, so that everything that comes to a node lies there item by item. */
import type { Item, PortType } from '@defect-studio/nodes'
import { linkablePorts, fieldOfHandle } from '@defect-studio/nodes'
import type { InputFlow } from './flow.ts'
import type { ReadNode } from './read-plan.ts'
import type { Inputs } from './walk-plan.ts'
import type { World } from './world.ts'

/** Inputs in the order of the definition, which decides which of them gives the items their names; params last. */
export async function arriveInputs(world: World, node: ReadNode, inputs: Inputs): Promise<InputFlow[]> {
  const { planned } = node
  const present = handlesOf(node).flatMap(({ port, type }): InputFlow[] => {
    const flow = inputs[port]
    return flow ? [{ port, type, sourceId: planned.inputs[port]?.nodeId ?? '', flow }] : []
  })
  const beside = present.find(({ flow }) => flow.many && flow.stored === undefined)?.flow.items
  const arrived: InputFlow[] = []
  // One after the other: the books are asked in turn anyway.
  for (const input of present) {
    const { stored } = input.flow
    if (stored === 'rows') throw new Error(`What comes to "${input.port}" was not gathered.`)
    const items: Item[] = stored ? await world.readList(stored, beside) : input.flow.items
    arrived.push({ ...input, flow: { ...input.flow, items } })
  }
  return arrived
}

function handlesOf({ planned, definition }: ReadNode): { port: string; type: PortType }[] {
  const ports = Object.entries(definition.inputs).map(([port, { type }]) => ({ port, type }))
  const linkable = linkablePorts(definition)
  const params = Object.keys(planned.inputs).flatMap((port) => {
    const type = linkable[fieldOfHandle(port) ?? '']?.type
    return type ? [{ port, type }] : []
  })
  return [...ports, ...params.sort((one, other) => (one.port < other.port ? -1 : 1))]
}
