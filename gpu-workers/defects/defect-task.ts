/** What one kind of defect is asked to draw, and how it answers. */
import type { DefectCanvas } from './defect-canvas.ts'
import type { SeededRandom } from './seeded-random.ts'
import type { Surroundings } from './surroundings.ts'

export interface DefectTask {
  /** Where to draw; empty at the start. All lengths here are in its pixels. */
  canvas: DefectCanvas
  /** The middle of the defect; it may lie outside the canvas when the photo's edge cuts the defect. */
  x: number
  y: number
  /** Length of a long defect, diameter of a round one. */
  extent: number
  /** Direction of a long defect, radians. */
  angle: number
  /** 0: barely seen … 1: gross. */
  severity: number
  /** Half the width over which an edge fades in this photo: its sharpness. */
  soft: number
  surroundings: Surroundings
  random: SeededRandom
}

/** Draws one defect on the task's canvas. Everything random comes from the task. */
export type DrawKind = (task: DefectTask) => void
