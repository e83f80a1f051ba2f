/** Contamination: grains of dirt in a loose cluster, sometimes with a fibre, each lit and with its own shadow. */
import { visitBlob } from './blob.ts'
import { include, layFilm, layPaint } from './defect-canvas.ts'
import type { DefectTask, DrawKind } from './defect-task.ts'
import { mixLight, scaleLight, type Light } from './linear-light.ts'
import { createNoise, smoothStep } from './noise.ts'
import { visitStroke, type StrokePoint } from './stroke.ts'

/** How much of the light a shadow takes, the same of each colour. */
const shadowAbsorbs: Light = [1, 1, 1]

export const drawContamination: DrawKind = (task) => {
  const { random, extent, severity, surroundings } = task
  const dirt = dirtColour(task)
  const spread = extent * 0.24
  const count = Math.round(7 + 26 * severity)
  for (let i = 0; i < count; i++) {
    const away = i === 0 ? 0 : 1
    const x = task.x + away * clampSpread(random.normal()) * spread
    const y = task.y + away * clampSpread(random.normal()) * spread
    // Many small, few large, as sieved dirt is.
    const size = extent * 0.0045 * Math.pow(1 - 0.985 * random.next(), -0.55) * (0.75 + 0.6 * severity)
    const tint = mixLight(dirt, scaleLight(dirt, random.between(0.4, 2)), 0.7)
    // Smaller than this a grain would not be seen in a small photo.
    const least = (0.5 + 0.8 * severity) * random.between(0.8, 1.6)
    grain(task, x, y, Math.max(least, Math.min(size, extent * 0.05)), tint)
  }
  if (random.chance(0.55)) fibre(task, surroundings.brightness > 0.16 ? scaleLight(dirt, 0.7) : dirt)
}

function clampSpread(value: number): number {
  return Math.max(-2.2, Math.min(2.2, value))
}

function dirtColour({ surroundings, random }: DefectTask): Light {
  return surroundings.brightness > 0.16
    ? random.pick([
        [0.02, 0.016, 0.012],
        [0.035, 0.02, 0.01],
        [0.015, 0.016, 0.018],
      ])
    : random.pick([
        [0.5, 0.47, 0.4],
        [0.42, 0.43, 0.44],
        [0.45, 0.36, 0.22],
      ])
}

function grain(task: DefectTask, x: number, y: number, radius: number, colour: Light): void {
  const { canvas, random, soft, surroundings, severity } = task
  const shadowX = x - surroundings.light.x * radius * 0.7
  const shadowY = y - surroundings.light.y * radius * 0.7
  const blurred = radius * 0.35 + soft
  const shape = { radius, roughness: 0.4, narrow: random.between(0.6, 1), bumps: 0.9 }
  visitBlob(
    task,
    { ...shape, roughness: 0.1, x: shadowX, y: shadowY, reach: blurred + 1 },
    ({ at, depth }) => {
      const dark = smoothStep(-blurred, blurred, depth)
      layFilm(canvas, at, dark * (0.35 + 0.55 * severity), shadowAbsorbs)
      include(canvas, at, smoothStep(-blurred, 0, depth))
    },
  )
  visitBlob(task, { ...shape, x, y, reach: soft + 1 }, ({ at, depth, outX, outY, part }) => {
    const inside = smoothStep(-soft * 0.7, soft * 0.7, depth)
    const towards = (outX * surroundings.light.x + outY * surroundings.light.y) * Math.min(1, part)
    layPaint(canvas, at, inside * (0.75 + 0.24 * severity), colour, 0.85 + 0.75 * towards)
    include(canvas, at, smoothStep(-soft - 0.6, 0, depth))
  })
}

function fibre(task: DefectTask, colour: Light): void {
  const { canvas, random, soft, extent, severity } = task
  const wind = createNoise(random.seed())
  const length = extent * random.between(0.35, 0.7)
  const count = Math.max(12, Math.min(90, Math.round(length / 3)))
  const half = Math.max(0.45, extent * 0.003)
  let angle = random.between(0, 2 * Math.PI)
  let x = task.x - (Math.cos(angle) * length) / 3
  let y = task.y - (Math.sin(angle) * length) / 3
  const points: StrokePoint[] = []
  for (let i = 0; i <= count; i++) {
    points.push({ x, y, half })
    angle += (wind((i / count) * 5, 0.5) * 9) / count
    x += (Math.cos(angle) * length) / count
    y += (Math.sin(angle) * length) / count
  }
  visitStroke(
    canvas,
    points,
    (width) => width + soft + 1.5,
    ({ at, across, half: width }) => {
      const inside = 1 - smoothStep(width - soft * 0.5, width + soft * 0.7, Math.abs(across))
      layPaint(canvas, at, inside * (0.6 + 0.35 * severity), colour)
      include(canvas, at, 1 - smoothStep(width + soft * 0.5, width + soft + 1, Math.abs(across)))
    },
  )
}
