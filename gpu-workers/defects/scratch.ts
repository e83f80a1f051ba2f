/** A scratch: one or a few shallow grooves with a raised burr, bare inside, fading where the pressure was low. */
import { include, layPaint } from './defect-canvas.ts'
import type { DefectTask, DrawKind } from './defect-task.ts'
import { mixLight, scaleLight, type Light } from './linear-light.ts'
import { createFractalNoise, createNoise, smoothStep } from './noise.ts'
import { visitStroke, type StrokePoint } from './stroke.ts'

export const drawScratch: DrawKind = (task) => {
  const { random, extent, severity, surroundings } = task
  const bare = bareColour(task)
  const dark = scaleLight(surroundings.base, 0.22)
  // In a small photo a line in proportion would be thinner than a pixel, which nobody sees.
  const slight = 0.5 + 1.1 * severity
  const width = Math.max(slight, extent * (0.0045 + 0.009 * severity)) * random.between(0.8, 1.25)
  const bow = random.normal() * 0.05
  groove(task, task.x, task.y, task.angle, extent * random.between(0.85, 1), width, bow, 1, bare, dark)
  const companions = random.whole(0, 1 + Math.round(2 * severity))
  for (let i = 0; i < companions; i++) {
    const aside = (random.chance(0.5) ? -1 : 1) * random.between(2.5, 9) * width
    const shift = random.between(-0.25, 0.25) * extent
    const x = task.x + Math.cos(task.angle) * shift - Math.sin(task.angle) * aside
    const y = task.y + Math.sin(task.angle) * shift + Math.cos(task.angle) * aside
    const angle = task.angle + random.normal() * 0.05
    const length = extent * random.between(0.2, 0.6)
    groove(task, x, y, angle, length, Math.max(0.5, width * random.between(0.3, 0.6)), bow, 0.7, bare, dark)
  }
}

/** On a dark surface the bare material is paler; on a bright one dirt and shadow make the groove darker. */
function bareColour({ surroundings, random }: DefectTask): Light {
  const { base, brightness } = surroundings
  if (brightness > 0.36) return mixLight(scaleLight(base, 0.24), [0.06, 0.06, 0.06], random.between(0.1, 0.4))
  const pale = Math.min(0.92, brightness * 1.6 + 0.28)
  return mixLight(scaleLight(base, 1.8), [pale, pale, pale * 0.97], random.between(0.55, 0.8))
}

function groove(
  task: DefectTask,
  x: number,
  y: number,
  angle: number,
  length: number,
  width: number,
  bow: number,
  strength: number,
  bare: Light,
  dark: Light,
): void {
  const { canvas, random, soft, severity } = task
  const wobble = createFractalNoise(random.seed(), 3)
  const pressure = createFractalNoise(random.seed(), 4, 0.6)
  const grit = createNoise(random.seed())
  const opacity = strength * (0.55 + 0.43 * severity)
  const points = path(x, y, angle, length, width, bow, wobble)
  visitStroke(
    canvas,
    points,
    (half) => half * 2.4 + soft + 1,
    (pixel) => {
      const distance = Math.abs(pixel.across)
      const { half } = pixel
      const inside = 1 - smoothStep(half - soft * 0.6, half + soft * 0.6, distance)
      const pressed = 0.35 + 0.65 * smoothStep(-0.6, 0.15, pressure(pixel.along * 7, 3.5))
      // Fine lines along the groove: whatever scratched was itself rough.
      const lines = 1 + 0.4 * grit(pixel.across / Math.max(0.7, half * 0.35), pixel.way / (12 * half + 4))
      layPaint(canvas, pixel.at, opacity * pressed * inside, bare, lines)
      // The burr's far side and the groove's steep wall lie in shadow: one thin dark line on the side away from the light.
      const away = -(pixel.normalX * task.surroundings.light.x + pixel.normalY * task.surroundings.light.y)
      const lee = pixel.across * away > 0 ? 0 : 1
      const wall = Math.exp(-(((distance - half * 0.75) / (0.35 * half + 0.35 * soft)) ** 2))
      layPaint(canvas, pixel.at, 0.5 * opacity * pressed * lee * wall, dark)
      const q = distance / half
      const depth = q < 1 ? -(1 - q * q) : 0
      const burr = 0.4 * Math.exp(-(((q - 1.35) / 0.4) ** 2)) * (pixel.across > 0 ? 1 : 0.45)
      canvas.relief[pixel.at]! += (depth + burr) * half * pressed * strength * (0.5 + 0.6 * severity)
      include(canvas, pixel.at, 1 - smoothStep(half * 1.3 + soft * 0.4, half * 1.8 + soft + 0.6, distance))
    },
  )
}

function path(
  x: number,
  y: number,
  angle: number,
  length: number,
  width: number,
  bow: number,
  wobble: (x: number, y: number) => number,
): StrokePoint[] {
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  const count = Math.max(8, Math.min(160, Math.round(length / 4)))
  return Array.from({ length: count + 1 }, (_, i) => {
    const t = (i / count) * 2 - 1
    const along = (t * length) / 2
    const across = length * (bow * (t * t - 0.35) + 0.008 * wobble(t * 2, 0.5))
    const taper = Math.pow(Math.max(0, 1 - t * t * t * t), 0.6)
    return {
      x: x + along * cos - across * sin,
      y: y + along * sin + across * cos,
      half: Math.max(0.3, width * taper * (1 + 0.3 * wobble(t * 6, 7.5))),
    }
  })
}
