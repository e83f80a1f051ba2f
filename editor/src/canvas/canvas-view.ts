/** What the canvas needs beyond the graph: measured sizes and what is being dragged. */
import { create } from 'zustand'
import type { Measured } from './flow-items.ts'

interface CanvasView {
  sizes: ReadonlyMap<string, Measured>
  dragging: ReadonlySet<string>
}

export const useCanvasView = create<CanvasView>(() => ({ sizes: new Map(), dragging: new Set() }))
