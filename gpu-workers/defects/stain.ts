/** A stain: a dried liquid that takes light away, darkest where its edge dried, the surface showing through. */
import { visitBlob } from './blob.ts'
import { include, layFilm, layPaint } from './defect-canvas.ts'
import type { DefectTask, DrawKind } from './defect-task.ts'
import type { Light } from './linear-light.ts'
import { createFractalNoise, smoothStep } from './noise.ts'

/** What the liquid takes of red, green and blue: coffee, oil, ink, rusty water, tea. */
const liquids: readonly [Light, ...Light[]] = [
  [0.55, 0.85, 1.25],
  [0.7, 0.75, 0.9],
  [0.95, 0.9, 0.75],
  [0.35, 0.8, 1.2],
  [0.4, 0.6, 1.0],
]

export const drawStain: DrawKind = (task) => {
  const { random, extent, severity } = task
  const liquid = random.pick(liquids)
  const radius = Math.max(1.5, extent * 0.4)
  pool(task, task.x, task.y, radius, liquid)
  const drops = random.whole(0, 2 + Math.round(4 * severity))
  for (let i = 0; i < drops; i++) {
    const angle = random.between(0, 2 * Math.PI)
    const away = radius * random.between(1.1, 1.5)
    const size = radius * random.between(0.03, 0.1)
    pool(task, task.x + Math.cos(angle) * away, task.y + Math.sin(angle) * away, Math.max(0.8, size), liquid)
  }
}

function pool(task: DefectTask, x: number, y: number, radius: number, liquid: Light): void {
  const { canvas, random, severity, soft, surroundings } = task
  const mottle = createFractalNoise(random.seed(), 5, 0.55)
  const density = (0.25 + 1.35 * severity) * random.between(0.85, 1.15)
  const ringWidth = Math.max(1.1, radius * random.between(0.035, 0.06))
  const innerRing = random.between(0.5, 0.8)
  // On a dark surface little can be taken away: there a dried deposit scatters a little light.
  const deposit = 1 - smoothStep(0.02, 0.1, surroundings.brightness)
  const pale = 0.1 + 0.25 * severity
  const edge = Math.max(soft, radius * 0.03)
  const shape = {
    radius,
    roughness: 0.3,
    narrow: random.between(0.7, 1),
    reach: edge * 2 + 1,
    x,
    y,
    bumps: 0.8,
  }
  visitBlob(task, shape, (pixel) => {
    const wet = smoothStep(-edge, edge, pixel.depth)
    const rim = Math.exp(-(((pixel.depth - ringWidth) / ringWidth) ** 2))
    const tide = Math.exp(-(((pixel.part - innerRing) / 0.05) ** 2)) * 0.22
    const clouds = 0.6 + 0.35 * mottle(pixel.x / (radius * 0.55), pixel.y / (radius * 0.55))
    const amount = wet * (density * Math.max(0.1, clouds + tide) + density * 0.75 * rim)
    layFilm(canvas, pixel.at, amount, liquid)
    layPaint(canvas, pixel.at, deposit * Math.min(0.6, amount * 0.45), [pale, pale * 0.97, pale * 0.9])
    include(canvas, pixel.at, smoothStep(-edge * 1.3, edge * 0.3, pixel.depth))
  })
}
