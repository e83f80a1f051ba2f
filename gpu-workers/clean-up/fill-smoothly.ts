/** A first guess for a hole: from its edge inwards, each pixel takes the mean of the neighbours that are known. */
import type { Level } from './pyramid.ts'

/** Fills the hole of the level in place. The level must have a known pixel. */
export function fillSmoothly(level: Level): void {
  const { width, height, pixels } = level
  const open = Uint8Array.from(level.hole)
  let ring = edgeOf(open, width, height)
  while (ring.length > 0) {
    for (const i of ring) {
      const mean = meanOfKnown(pixels, open, i, width, height)
      for (let c = 0; c < 3; c++) pixels[i * 3 + c] = Math.round(mean[c]!)
    }
    for (const i of ring) open[i] = 0
    ring = edgeOf(open, width, height)
  }
}

function edgeOf(open: Uint8Array, width: number, height: number): number[] {
  const edge: number[] = []
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (open[i] === 0) continue
      const touches =
        (x > 0 && open[i - 1] === 0) ||
        (x < width - 1 && open[i + 1] === 0) ||
        (y > 0 && open[i - width] === 0) ||
        (y < height - 1 && open[i + width] === 0)
      if (touches) edge.push(i)
    }
  }
  return edge
}

function meanOfKnown(
  pixels: Uint8Array,
  open: Uint8Array,
  at: number,
  width: number,
  height: number,
): number[] {
  const column = at % width
  const row = Math.floor(at / width)
  const sum = [0, 0, 0]
  let count = 0
  for (let y = Math.max(0, row - 2); y <= Math.min(height - 1, row + 2); y++) {
    for (let x = Math.max(0, column - 2); x <= Math.min(width - 1, column + 2); x++) {
      const i = y * width + x
      if (open[i] === 1) continue
      count++
      for (let c = 0; c < 3; c++) sum[c]! += pixels[i * 3 + c]!
    }
  }
  return sum.map((value) => value / Math.max(1, count))
}
