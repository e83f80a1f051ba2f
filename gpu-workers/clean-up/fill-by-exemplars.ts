/** A first guess for a hole that carries lines on: patch after patch is copied in, the ends of strong lines first. */
import type { Level } from './pyramid.ts'

const radius = 4
/** Every patch is compared with at most about this many places. */
const mostSources = 6000

/**
 * Fills the hole of the level in place (Criminisi, Pérez, Toyama, "Region Filling and Object Removal by Exemplar-Based
 * Inpainting", 2004). Time grows with hole × places, so this is for small sizes.
 *
 * @returns false, with the level as it was, when no whole patch is known.
 */
export function fillByExemplars(level: Level): boolean {
  const { width, height, pixels } = level
  const sources = wholePatches(level)
  if (sources.length === 0) return false
  const open = Uint8Array.from(level.hole)
  const confidence = Float32Array.from(open, (hole) => 1 - hole)
  for (;;) {
    const next = mostUrgent(level, open, confidence)
    if (!next) return true
    const offsets = patchOffsets(next.at, width, height)
    const known = offsets.filter((offset) => open[next.at + offset] === 0)
    const source = closestSource(pixels, next.at, known, sources)
    for (const offset of offsets) {
      const to = next.at + offset
      if (open[to] === 0) continue
      for (let c = 0; c < 3; c++) pixels[to * 3 + c] = pixels[(source + offset) * 3 + c]!
      open[to] = 0
      confidence[to] = next.confidence
    }
  }
}

function wholePatches({ width, height, hole }: Level): number[] {
  const places: number[] = []
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      const at = y * width + x
      if (patchOffsets(at, width, height).every((offset) => hole[at + offset] === 0)) places.push(at)
    }
  }
  const step = Math.ceil(places.length / mostSources)
  return step <= 1 ? places : places.filter((_, i) => i % step === 0)
}

/** Differences of pixel numbers from the middle to the patch's pixels, as far as the picture goes. */
function patchOffsets(at: number, width: number, height: number): number[] {
  const x = at % width
  const y = (at - x) / width
  const offsets: number[] = []
  for (let dy = -Math.min(radius, y); dy <= Math.min(radius, height - 1 - y); dy++) {
    for (let dx = -Math.min(radius, x); dx <= Math.min(radius, width - 1 - x); dx++)
      offsets.push(dy * width + dx)
  }
  return offsets
}

/** The pixel at the hole's edge where most is known around and the strongest line runs in. */
function mostUrgent(
  level: Level,
  open: Uint8Array,
  confidence: Float32Array,
): { at: number; confidence: number } | null {
  const { width, height } = level
  let best: { at: number; confidence: number } | null = null
  let highest = -1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x
      if (open[at] === 0) continue
      const isOpen = (dx: number, dy: number) =>
        x + dx < 0 || y + dy < 0 || x + dx >= width || y + dy >= height || open[at + dy * width + dx] === 1
      const normalX = Number(isOpen(1, 0)) - Number(isOpen(-1, 0))
      const normalY = Number(isOpen(0, 1)) - Number(isOpen(0, -1))
      if (isOpen(1, 0) && isOpen(-1, 0) && isOpen(0, 1) && isOpen(0, -1)) continue
      const offsets = patchOffsets(at, width, height)
      let sum = 0
      for (const offset of offsets) sum += confidence[at + offset]!
      const sure = sum / offsets.length
      const priority = sure * (0.02 + lineStrength(level, open, at, offsets, normalX, normalY))
      if (priority <= highest) continue
      highest = priority
      best = { at, confidence: sure }
    }
  }
  return best
}

/** The steepest change of brightness (0 … 1) in the known part, as far as its line runs across the hole's edge. */
function lineStrength(
  { width, height, pixels }: Level,
  open: Uint8Array,
  at: number,
  offsets: number[],
  normalX: number,
  normalY: number,
): number {
  const length = Math.hypot(normalX, normalY) || 1
  let strongest = 0
  for (const offset of offsets) {
    const i = at + offset
    const x = i % width
    if (x < 1 || x >= width - 1 || i < width || i >= width * (height - 1)) continue
    if (open[i]! + open[i - 1]! + open[i + 1]! + open[i - width]! + open[i + width]! > 0) continue
    const riseX = brightness(pixels, i + 1) - brightness(pixels, i - 1)
    const riseY = brightness(pixels, i + width) - brightness(pixels, i - width)
    strongest = Math.max(strongest, Math.abs(-riseY * normalX + riseX * normalY) / length)
  }
  return strongest / 1020
}

function brightness(pixels: Uint8Array, i: number): number {
  return pixels[i * 3]! * 0.6 + pixels[i * 3 + 1]! * 1.2 + pixels[i * 3 + 2]! * 0.2
}

function closestSource(pixels: Uint8Array, at: number, known: number[], sources: number[]): number {
  let best = sources[0]!
  let lowest = Infinity
  for (const source of sources) {
    let sum = 0
    for (const offset of known) {
      const a = (at + offset) * 3
      const b = (source + offset) * 3
      const red = pixels[a]! - pixels[b]!
      const green = pixels[a + 1]! - pixels[b + 1]!
      const blue = pixels[a + 2]! - pixels[b + 2]!
      sum += red * red + green * green + blue * blue
      if (sum >= lowest) break
    }
    if (sum < lowest) {
      lowest = sum
      best = source
    }
  }
  return best
}
