/** A hole: a dark depth, its far wall catching some light, its rim bent or broken. */
import { include, layPaint } from './defect-canvas.ts'
import type { DrawKind } from './defect-task.ts'
import { mixLight, scaleLight } from './linear-light.ts'
import { createFractalNoise, smoothStep } from './noise.ts'
import { visitBlob } from './blob.ts'

export const drawHole: DrawKind = (task) => {
  const { canvas, random, severity, soft, surroundings } = task
  const radius = Math.max(1.2, task.extent * (0.16 + 0.2 * severity))
  const torn = random.chance(0.5)
  const roughness = torn ? random.between(0.18, 0.34) : random.between(0.02, 0.07)
  const depthBelow = radius * random.between(0.18, 0.34)
  const rimWidth = Math.max(1, radius * (torn ? 0.16 : 0.09))
  const abyss = mixLight(scaleLight(surroundings.base, 0.045), [0.004, 0.004, 0.005], 0.5)
  const wall = mixLight(scaleLight(surroundings.base, torn ? 0.85 : 0.75), [0.12, 0.12, 0.12], 0.15)
  const grit = createFractalNoise(random.seed(), 3, 0.6)
  const reach = rimWidth * 2.2 + soft + 1
  visitBlob(task, { radius, roughness, narrow: random.between(0.78, 1), reach }, (pixel) => {
    const { at, depth, outX, outY } = pixel
    const inside = smoothStep(-soft * 0.7, soft * 0.7, depth)
    // Looking straight down one sees the wall as a narrow band; light reaches the side away from it.
    const facing = -(outX * surroundings.light.x + outY * surroundings.light.y)
    const low = depthBelow * (0.35 + 0.65 * Math.max(0, facing))
    const band = 1 - smoothStep(low * 0.35, low * 1.3, depth)
    const rough = 1 + 0.5 * grit(pixel.x / (radius * 0.16), pixel.y / (radius * 0.16))
    layPaint(canvas, at, inside, abyss)
    layPaint(canvas, at, inside * band * (0.12 + 0.75 * Math.max(0, facing)), wall, rough)
    const rim = depth < 0 ? Math.exp(-((depth / rimWidth + 0.7) ** 2) * 2) : 0
    canvas.relief[at]! += rim * rimWidth * (torn ? 0.55 : 0.35) * (0.5 + 0.5 * severity) * (torn ? rough : 1)
    include(canvas, at, smoothStep(-reach, -reach * 0.45, depth))
  })
}
