/** The params of a node that edges feed: each has a dot on the card, where its edge ends. */
import { fieldOfHandle, findDefinition, linkablePorts, type GraphNode, type Port } from '@defect-studio/nodes'
import { useUpdateNodeInternals } from '@xyflow/react'
import { useEffect } from 'react'
import { useGraphStore } from '../graph-store.ts'

/** [handle, port] of each, in the order of the form. */
export function useFedParams(node: GraphNode): [string, Port][] {
  // One text, so that a card is drawn again only when its own edges change.
  const handles = useGraphStore((state) =>
    (state.shown ?? state.history.present).edges
      .flatMap((edge) => (edge.target === node.id ? [edge.targetHandle] : []))
      .filter((handle) => fieldOfHandle(handle) !== null)
      .join(' '),
  )
  // A new dot beside others does not change the size of the card, by which React Flow would see it.
  const look = useUpdateNodeInternals()
  useEffect(() => {
    if (handles !== '') look(node.id)
  }, [look, node.id, handles])
  const definition = findDefinition(node.type)
  return Object.entries(definition ? linkablePorts(definition) : {}).flatMap(([field, port]) =>
    handles
      .split(' ')
      .filter((handle) => fieldOfHandle(handle) === field)
      .map((handle): [string, Port] => [handle, port]),
  )
}
