/** Round things – holes, dents, stains, grains – as an ellipse whose outline noise has moved in and out. */
import type { DefectTask } from './defect-task.ts'
import { createFractalNoise } from './noise.ts'

export interface BlobShape {
  radius: number
  /** How far the outline strays, as a part of the radius: 0 (an ellipse) … 0.8 (frayed). */
  roughness: number
  /** Short axis ÷ long axis. */
  narrow: number
  /** How far outside the outline pixels are still visited. */
  reach: number
  /** Where, if not at the task's place. */
  x?: number
  y?: number
  /** Bumps of the outline per radius; 1.1 when left out. */
  bumps?: number
}

export interface BlobPixel {
  /** Place on the canvas: y × width + x. */
  at: number
  /** Pixels from the middle. */
  x: number
  y: number
  /** Pixels to the outline: positive inside. */
  depth: number
  /** Distance from the middle as a part of the way to the outline: 0 … 1 inside. */
  part: number
  /** Unit direction outwards. */
  outX: number
  outY: number
}

/** Visits every pixel of the blob and within `reach` of it. */
export function visitBlob(task: DefectTask, shape: BlobShape, visit: (pixel: BlobPixel) => void): void {
  const { canvas, random } = task
  const { radius, roughness, narrow, reach, x = task.x, y = task.y, bumps = 1.1 } = shape
  const noise = createFractalNoise(random.seed(), radius < 6 ? 2 : 5, 0.5)
  const turn = random.between(0, Math.PI)
  const cos = Math.cos(turn)
  const sin = Math.sin(turn)
  const far = radius * (1 + roughness * 1.3) + reach
  const cell = bumps / radius
  const bottom = Math.min(canvas.height - 1, Math.ceil(y + far))
  const right = Math.min(canvas.width - 1, Math.ceil(x + far))
  for (let row = Math.max(0, Math.floor(y - far)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.floor(x - far)); column <= right; column++) {
      const dx = column - x
      const dy = row - y
      const long = dx * cos + dy * sin
      const short = (-dx * sin + dy * cos) / narrow
      const distance = Math.hypot(long, short)
      if (distance > far / narrow) continue
      const outline = radius * (1 + roughness * noise(dx * cell + 11, dy * cell + 11))
      const depth = (outline - distance) * (narrow < 1 ? (1 + narrow) / 2 : 1)
      if (depth < -reach) continue
      const straight = Math.hypot(dx, dy) + 1e-6
      visit({
        at: row * canvas.width + column,
        x: dx,
        y: dy,
        depth,
        part: distance / Math.max(0.5, outline),
        outX: dx / straight,
        outY: dy / straight,
      })
    }
  }
}
