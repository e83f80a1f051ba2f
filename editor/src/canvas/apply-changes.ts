/** Takes what React Flow reports (moved, measured, selected) into our stores. */
import type { EdgeChange, NodeChange } from '@xyflow/react'
import { moveNodes, type Position } from '../graph-edits.ts'
import { useGraphStore } from '../graph-store.ts'
import { useCanvasView } from './canvas-view.ts'
import type { CardNode, TypedEdge } from './flow-items.ts'

/** Each drag is one step of undo, however long it takes. */
let dragNumber = 0

export function applyNodeChanges(changes: NodeChange<CardNode>[]): void {
  const positions = new Map<string, Position>()
  const sizes = new Map(useCanvasView.getState().sizes)
  const dragging = new Set(useCanvasView.getState().dragging)
  const selected = new Set(useGraphStore.getState().selected)
  let measured = false
  let marked = false
  let dropped = false
  for (const change of changes) {
    if (change.type === 'position') {
      if (change.position) positions.set(change.id, change.position)
      if (change.dragging) dragging.add(change.id)
      else if (dragging.delete(change.id)) dropped = true
    } else if (change.type === 'dimensions' && change.dimensions) {
      sizes.set(change.id, change.dimensions)
      measured = true
    } else if (change.type === 'select') {
      if (change.selected) selected.add(change.id)
      else selected.delete(change.id)
      marked = true
    }
  }
  if (positions.size > 0) move(positions)
  if (dropped) dragNumber++
  if (measured) useCanvasView.setState({ sizes })
  if (positions.size > 0 || dropped) useCanvasView.setState({ dragging })
  if (marked) useGraphStore.setState({ selected })
}

/** React Flow also reports the position that a node already has. */
function move(positions: ReadonlyMap<string, Position>): void {
  useGraphStore.getState().edit((graph) => {
    const moved = graph.nodes.some((node) => {
      const to = positions.get(node.id)
      return to !== undefined && (to.x !== node.position.x || to.y !== node.position.y)
    })
    return moved ? moveNodes(graph, positions) : graph
  }, `drag-${dragNumber}`)
}

export function applyEdgeChanges(changes: EdgeChange<TypedEdge>[]): void {
  const selectedEdges = new Set(useGraphStore.getState().selectedEdges)
  for (const change of changes)
    if (change.type === 'select') {
      if (change.selected) selectedEdges.add(change.id)
      else selectedEdges.delete(change.id)
    }
  useGraphStore.setState({ selectedEdges })
}
