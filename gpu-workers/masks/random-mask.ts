/** Marks random places: the shapes a person might draw, from a seed. */
import type { MaskShape } from '@defect-studio/nodes'
import { createFractalNoise, createNoise } from '../defects/noise.ts'
import { createSeededRandom, type SeededRandom } from '../defects/seeded-random.ts'
import { createMask, type GrayMask } from '../images/raster.ts'

export interface RandomMaskParams {
  /** Pixels. */
  width: number
  height: number
  shape: MaskShape
  /** Diameter or length of one shape, as a part of the shorter side: 0 < size ≤ 1. */
  size: number
  /** How many shapes; they may overlap. 1 when left out. */
  count?: number | undefined
  /** Any whole number. */
  seed: number
}

/** Says whether a point (pixels from the shape's middle) is inside. */
type Inside = (x: number, y: number) => boolean

/**
 * A mask of black (0) and white (255) with `count` shapes, each wholly in the picture where it fits; at least one
 * pixel is white.
 */
export function randomMask({ width, height, shape, size, count = 1, seed }: RandomMaskParams): GrayMask {
  const mask = createMask(width, height)
  const random = createSeededRandom(seed)
  const radius = Math.max(0.5, (Math.min(width, height) * size) / 2)
  for (let i = 0; i < count; i++) {
    const x = placeWithin(random, width, radius)
    const y = placeWithin(random, height, radius)
    const inside = shapes[shape](random, radius)
    fill(mask, x, y, radius * 1.6, inside)
    mask.data[Math.min(height - 1, Math.floor(y)) * width + Math.min(width - 1, Math.floor(x))] = 255
  }
  return mask
}

const shapes: Record<MaskShape, (random: SeededRandom, radius: number) => Inside> = {
  blob(random, radius) {
    const noise = createFractalNoise(random.seed(), 3)
    const cell = 1 / (radius * 0.9)
    return (x, y) => Math.hypot(x, y) < radius * 0.82 * (1 + 0.45 * noise(x * cell + 9, y * cell + 9))
  },
  stroke(random, radius) {
    const angle = random.between(0, Math.PI)
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    const half = radius * random.between(0.1, 0.22)
    const bend = random.between(-0.5, 0.5) / radius
    const wobble = createNoise(random.seed())
    return (x, y) => {
      const along = x * cos + y * sin
      const across = -x * sin + y * cos - bend * (along * along - radius * radius * 0.33)
      const end = Math.max(0, Math.abs(along) - (radius - half))
      return Math.hypot(end, across) < half * (1 + 0.3 * wobble(along / (radius * 0.4), 0.5))
    }
  },
  ellipse(random, radius) {
    const angle = random.between(0, Math.PI)
    const cos = Math.cos(angle)
    const sin = Math.sin(angle)
    const narrow = random.between(0.5, 1)
    return (x, y) => Math.hypot(x * cos + y * sin, (-x * sin + y * cos) / narrow) < radius
  },
  rectangle(random, radius) {
    const halfWidth = radius * random.between(0.45, 1)
    const halfHeight = radius * random.between(0.45, 1)
    return (x, y) => Math.abs(x) < halfWidth && Math.abs(y) < halfHeight
  },
}

function placeWithin(random: SeededRandom, length: number, radius: number): number {
  const room = length - 2 * radius
  return room <= 1 ? length / 2 : random.between(radius, length - radius)
}

function fill(mask: GrayMask, x: number, y: number, reach: number, inside: Inside): void {
  const { width, height, data } = mask
  const bottom = Math.min(height - 1, Math.ceil(y + reach))
  const right = Math.min(width - 1, Math.ceil(x + reach))
  for (let row = Math.max(0, Math.floor(y - reach)); row <= bottom; row++) {
    for (let column = Math.max(0, Math.floor(x - reach)); column <= right; column++) {
      if (inside(column + 0.5 - x, row + 0.5 - y)) data[row * width + column] = 255
    }
  }
}
