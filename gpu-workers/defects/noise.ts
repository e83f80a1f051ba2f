/** Smooth random fields for shapes and surfaces, computed point by point, so that any size and any box will do. */
import { mixBits } from './seeded-random.ts'

/** A field over the plane; `x` and `y` in lattice cells. */
export type Noise = (x: number, y: number) => number

const directions = Array.from({ length: 32 }, (_, i) => {
  const angle = (i / 32) * 2 * Math.PI
  return { x: Math.cos(angle), y: Math.sin(angle) }
})
const directionX = Float64Array.from(directions, (direction) => direction.x)
const directionY = Float64Array.from(directions, (direction) => direction.y)

/** Gradient noise (Perlin, "Improving Noise", 2002): about −1 … 1, one bump per cell, without a period. */
export function createNoise(seed: number): Noise {
  const salt = mixBits(seed)
  const corner = (column: number, row: number, dx: number, dy: number) => {
    const direction = mixBits(salt ^ Math.imul(column, 0x27d4eb2d) ^ Math.imul(row, 0x165667b1)) & 31
    return directionX[direction]! * dx + directionY[direction]! * dy
  }
  return (x, y) => {
    const column = Math.floor(x)
    const row = Math.floor(y)
    const dx = x - column
    const dy = y - row
    const u = dx * dx * dx * (dx * (dx * 6 - 15) + 10)
    const v = dy * dy * dy * (dy * (dy * 6 - 15) + 10)
    const above = mix(corner(column, row, dx, dy), corner(column + 1, row, dx - 1, dy), u)
    const below = mix(corner(column, row + 1, dx, dy - 1), corner(column + 1, row + 1, dx - 1, dy - 1), u)
    return mix(above, below, v) * 1.5
  }
}

/**
 * Octaves of noise, each twice as fine and `gain` times as strong; about −1 … 1. Every octave has its own lattice,
 * turned, so that no grid shows.
 */
export function createFractalNoise(seed: number, octaves: number, gain = 0.5): Noise {
  const layers = Array.from({ length: octaves }, (_, octave) =>
    createNoise(mixBits(seed + octave * 0x9e3779b9)),
  )
  let total = 0
  for (let octave = 0; octave < octaves; octave++) total += gain ** (2 * octave)
  const scale = 1.2 / Math.sqrt(total)
  return (x, y) => {
    let sum = 0
    let weight = scale
    let px = x
    let py = y
    for (const layer of layers) {
      sum += weight * layer(px, py)
      weight *= gain
      const turned = px * 1.6 - py * 1.2
      py = px * 1.2 + py * 1.6
      px = turned
    }
    return sum
  }
}

/** `from` at 0, `to` at 1. */
export function mix(from: number, to: number, t: number): number {
  return from + (to - from) * t
}

/** 0 up to `low`, 1 from `high` on, smooth between (Hermite). */
export function smoothStep(low: number, high: number, x: number): number {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
