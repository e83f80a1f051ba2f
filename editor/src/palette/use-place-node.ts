/** Puts a new node on the canvas: where it was dropped, or in the middle of what is seen. */
import { useReactFlow } from '@xyflow/react'
import { useCallback } from 'react'
import { useGraphStore } from '../graph-store.ts'

/** The drag-and-drop type that carries a node's type from the palette. */
export const dragType = 'application/x-defect-studio-node'

const cardSize = { width: 252, height: 130 }
const shift = 36

/** @returns place(type, at): `at` in screen pixels; without it the middle of the canvas. */
export function usePlaceNode() {
  const flow = useReactFlow()
  return useCallback(
    (type: string, at?: { x: number; y: number }) => {
      const box = document.querySelector('.canvas')?.getBoundingClientRect()
      const screen = at ?? {
        x: (box?.left ?? 0) + (box?.width ?? 0) / 2,
        y: (box?.top ?? 0) + (box?.height ?? 0) / 2,
      }
      const point = flow.screenToFlowPosition(screen)
      let x = Math.round(point.x - cardSize.width / 2)
      let y = Math.round(point.y - (at ? 20 : cardSize.height / 2))
      const { nodes } = useGraphStore.getState().history.present
      // Two clicks in a row must not hide one node under the other.
      while (
        nodes.some((node) => Math.abs(node.position.x - x) < shift && Math.abs(node.position.y - y) < shift)
      ) {
        x += shift
        y += shift
      }
      return useGraphStore.getState().addNode(type, { x, y })
    },
    [flow],
  )
}
