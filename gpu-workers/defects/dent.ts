/** A dent: the surface pushed in without breaking, told by light and shadow alone. */
import { visitBlob } from './blob.ts'
import { include } from './defect-canvas.ts'
import type { DrawKind } from './defect-task.ts'
import { createFractalNoise, smoothStep } from './noise.ts'

export const drawDent: DrawKind = (task) => {
  const { canvas, random, severity } = task
  const radius = Math.max(2, task.extent * 0.4)
  const depth = radius * (0.13 + 0.65 * severity) * random.between(0.85, 1.15)
  const steep = random.between(1.5, 2.6)
  const shape = { radius, roughness: 0.12, narrow: random.between(0.6, 1), reach: radius * 0.45, bumps: 0.6 }
  const uneven = createFractalNoise(random.seed(), 3)
  visitBlob(task, shape, ({ at, part, x, y }) => {
    const q = part * 1.05
    const bowl = q < 1 ? Math.pow(1 - q * q, steep) : 0
    const rim = Math.exp(-(((q - 1.02) / 0.16) ** 2))
    const dimples = 1 + 0.12 * uneven(x / (radius * 0.5), y / (radius * 0.5))
    canvas.relief[at]! += depth * (0.09 * rim - bowl * dimples)
    const occluded = 0.22 * severity * bowl
    for (let c = 0; c < 3; c++) canvas.film[at * 3 + c]! *= 1 - occluded
    include(canvas, at, 1 - smoothStep(1.02, 1.28, part))
  })
}
