/** Rust: rough patches from nearly black to bright orange, frayed at the edge, with a stain bleeding from them. */
import { include, layFilm, layPaint } from './defect-canvas.ts'
import type { DrawKind } from './defect-task.ts'
import { mixLight, scaleLight, type Light } from './linear-light.ts'
import { createFractalNoise, smoothStep } from './noise.ts'

// Light of sRGB (66, 30, 16), (133, 62, 24) and (196, 108, 42).
const old: Light = [0.055, 0.013, 0.005]
const middle: Light = [0.235, 0.048, 0.009]
const fresh: Light = [0.552, 0.15, 0.023]

export const drawRust: DrawKind = (task) => {
  const { canvas, random, extent, severity, soft, surroundings } = task
  const radius = Math.max(2, extent * 0.42)
  const outline = createFractalNoise(random.seed(), 6, 0.62)
  const patches = createFractalNoise(random.seed(), 5, 0.6)
  const crumbs = createFractalNoise(random.seed(), 3, 0.75)
  const pits = createFractalNoise(random.seed(), 3, 0.7)
  const narrow = random.between(0.6, 1)
  const cos = Math.cos(task.angle)
  const sin = Math.sin(task.angle)
  const lit = 0.55 + 0.75 * Math.sqrt(surroundings.brightness)
  const far = radius * 2
  // Crumbs keep a size of a few pixels, so that rust looks crumbly in small and in large photos.
  const crumb = Math.max(1.3, Math.min(radius * 0.035, 5) + soft * 0.4)
  const edge = 0.05 + (soft * 0.7) / radius
  for (let y = Math.max(0, Math.floor(task.y - far)); y < Math.min(canvas.height, task.y + far); y++) {
    for (let x = Math.max(0, Math.floor(task.x - far)); x < Math.min(canvas.width, task.x + far); x++) {
      const dx = x - task.x
      const dy = y - task.y
      const distance = Math.hypot(dx * cos + dy * sin, (-dx * sin + dy * cos) / narrow) / radius
      if (distance > 1.95) continue
      const frayed = outline((dx / radius) * 1.3 + 5, (dy / radius) * 1.3 + 5)
      const grain = crumbs(dx / crumb, dy / crumb)
      // Positive inside the patch; the noise counts more towards the rim, so that it breaks up into specks.
      const inside = (0.72 - distance + 0.62 * frayed) * (1.95 - distance > 0.4 ? 1 : 0.5) + 0.05 * grain
      const at = y * canvas.width + x
      const solid = smoothStep(-edge, edge * 1.4, inside)
      const bleed = smoothStep(-0.34, 0.02, inside) * (0.35 + 0.65 * severity)
      if (bleed <= 0) continue
      layFilm(canvas, at, bleed * 0.55, [0.1, 0.55, 1.1])
      const age = smoothStep(0.02, 0.55, inside + 0.35 * patches((dx / radius) * 3, (dy / radius) * 3))
      let colour = mixLight(fresh, middle, smoothStep(0, 0.45, age))
      colour = mixLight(colour, old, smoothStep(0.4, 1, age) * (0.45 + 0.5 * severity))
      const speckle = smoothStep(0.55, 0.95, patches((dx / radius) * 9 + 40, (dy / radius) * 9))
      colour = mixLight(colour, fresh, 0.5 * speckle)
      layPaint(canvas, at, solid * (0.62 + 0.36 * severity), scaleLight(colour, lit), 1 + 0.4 * grain)
      const rough = pits(dx / (crumb * 2.2), dy / (crumb * 2.2)) + 0.5 * grain
      canvas.relief[at]! += solid * crumb * 0.55 * rough * (0.4 + 0.6 * severity) + solid * crumb * 0.7
      include(canvas, at, Math.max(solid, smoothStep(-0.24, -0.03, inside)))
    }
  }
}
