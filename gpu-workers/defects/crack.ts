/** A crack: a jagged dark gap that narrows to its tips, with side branches and here and there a chipped edge. */
import { include, layPaint } from './defect-canvas.ts'
import type { DefectTask, DrawKind } from './defect-task.ts'
import { mixLight, scaleLight } from './linear-light.ts'
import { createFractalNoise, smoothStep } from './noise.ts'
import { visitStroke, type StrokePoint } from './stroke.ts'

export const drawCrack: DrawKind = (task) => {
  const { random, extent, severity } = task
  // In a small photo a gap in proportion would be thinner than a pixel, which nobody sees.
  const slight = 0.45 + 1.15 * severity
  const width = Math.max(slight, extent * (0.0035 + 0.009 * severity)) * random.between(0.85, 1.2)
  const length = extent * random.between(0.85, 1)
  const cos = Math.cos(task.angle)
  const sin = Math.sin(task.angle)
  const start = { x: task.x - (cos * length) / 2, y: task.y - (sin * length) / 2 }
  const end = { x: task.x + (cos * length) / 2, y: task.y + (sin * length) / 2 }
  const main = jagged(task, start, end, (t) => width * Math.pow(Math.max(0, 1 - Math.abs(2 * t - 0.9)), 0.45))
  gap(task, main)
  const branches = random.whole(1, 2 + Math.round(4 * severity))
  for (let i = 0; i < branches; i++)
    branch(task, main, task.angle, extent * random.between(0.12, 0.32), width * 0.65, 2)
}

function branch(
  task: DefectTask,
  from: StrokePoint[],
  angle: number,
  length: number,
  width: number,
  generations: number,
): void {
  const { random } = task
  const origin = from[random.whole(Math.floor(from.length * 0.15), Math.floor(from.length * 0.85))]
  if (!origin || generations === 0 || length < 4) return
  const turned =
    angle + (random.chance(0.5) ? 1 : -1) * random.between(0.35, 1.15) + (random.chance(0.3) ? Math.PI : 0)
  const end = { x: origin.x + Math.cos(turned) * length, y: origin.y + Math.sin(turned) * length }
  const first = Math.min(width, Math.max(0.4, origin.half))
  const points = jagged(task, origin, end, (t) => first * Math.pow(1 - t, 0.5))
  gap(task, points)
  if (random.chance(0.5)) branch(task, points, turned, length * 0.5, width * 0.6, generations - 1)
}

/** A line broken again and again at its middles (fractal midpoint displacement): straight facets, sharp corners. */
function jagged(
  { random, extent }: DefectTask,
  start: { x: number; y: number },
  end: { x: number; y: number },
  half: (t: number) => number,
): StrokePoint[] {
  let line = [start, end]
  const shortest = Math.max(2.5, extent / 60)
  let roughness = 0.15
  while (Math.hypot(line[1]!.x - line[0]!.x, line[1]!.y - line[0]!.y) > shortest && line.length < 400) {
    const finer = [line[0]!]
    for (let i = 0; i + 1 < line.length; i++) {
      const a = line[i]!
      const b = line[i + 1]!
      const t = random.between(0.38, 0.62)
      const aside = random.normal() * roughness
      finer.push(
        { x: a.x + (b.x - a.x) * t - (b.y - a.y) * aside, y: a.y + (b.y - a.y) * t + (b.x - a.x) * aside },
        b,
      )
    }
    line = finer
    roughness *= 0.97
  }
  return line.map(({ x, y }, i) => {
    const t = i / (line.length - 1)
    return { x, y, half: Math.max(0.28, half(t) * random.between(0.6, 1.3)) }
  })
}

function gap(task: DefectTask, points: StrokePoint[]): void {
  const { canvas, soft, severity, random, surroundings } = task
  const deep = mixLight(scaleLight(surroundings.base, 0.07), [0.004, 0.004, 0.004], 0.4)
  const broken = mixLight(scaleLight(surroundings.base, 1.5), [0.5, 0.5, 0.5], 0.15)
  const chips = createFractalNoise(random.seed(), 3)
  const opacity = 0.62 + 0.36 * severity
  const lift = random.normal() * 0.5
  visitStroke(
    canvas,
    points,
    (half) => half * 3.2 + soft + 1.5,
    (pixel) => {
      const distance = Math.abs(pixel.across)
      const { half } = pixel
      // A gap thinner than a pixel still darkens it in part.
      const share = Math.min(1, (half + 0.25) / (0.4 * soft + 0.35))
      const inside = share * (1 - smoothStep(half - soft * 0.5, half + soft * 0.7, distance))
      const chipped = smoothStep(0.25, 0.7, chips(pixel.way / (half * 7 + 3), pixel.across / (half * 4 + 2)))
      const edge = Math.exp(-(((distance - half * 1.5) / (half * 0.7 + 0.3)) ** 2))
      layPaint(canvas, pixel.at, 0.45 * severity * chipped * edge, broken)
      layPaint(canvas, pixel.at, opacity * inside, deep)
      // One lip stands a little higher; both are rounded off.
      const lip = Math.exp(-Math.max(0, distance - half) / (half * 0.8 + 0.5))
      canvas.relief[pixel.at]! +=
        half * lip * (pixel.across > 0 ? lift : -lift) * (1 - inside) * (0.3 + 0.4 * severity)
      include(canvas, pixel.at, 1 - smoothStep(half * 1.6 + soft * 0.4, half * 2.2 + soft + 0.9, distance))
    },
  )
}
