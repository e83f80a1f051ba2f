/** Finds where in a photo a defect goes: anywhere, or in the largest white area of a mask. */
import { boxOfWhite } from '../images/pixel-box.ts'
import { whiteFrom, type GrayMask } from '../images/raster.ts'
import type { SeededRandom } from './seeded-random.ts'

export interface Spot {
  /** Middle of the defect, pixels of the photo. */
  x: number
  y: number
  /** Length or diameter, pixels. */
  extent: number
  /** Direction for long defects, radians. */
  angle: number
}

/** Somewhere in the photo, most of the defect inside. */
export function placeAnywhere(width: number, height: number, extent: number, random: SeededRandom): Spot {
  const marginX = Math.min(width / 2, extent * 0.5)
  const marginY = Math.min(height / 2, extent * 0.5)
  return {
    x: random.between(marginX, Math.max(marginX + 1e-3, width - marginX)),
    y: random.between(marginY, Math.max(marginY + 1e-3, height - marginY)),
    extent,
    angle: random.between(0, Math.PI),
  }
}

/** A white area, seen once and used for every defect that goes into it. */
export interface PlaceArea {
  /** White pixels (positions y × width + x) with their distance to the edge, coarsely sampled when there are many. */
  pixels: { x: number; y: number; distance: number }[]
  /** Direction of its longest axis, radians, and its length along it. */
  angle: number
  length: number
}

/**
 * The largest connected white area of the mask, or null when nothing is white.
 *
 * Large masks are looked at in cells of several pixels, so the answer is a sample: enough to aim by.
 */
export function findPlaceArea(mask: GrayMask): PlaceArea | null {
  const box = boxOfWhite(mask)
  if (!box) return null
  const cell = Math.max(1, Math.ceil(Math.max(box.width, box.height) / 256))
  const columns = Math.ceil(box.width / cell)
  const rows = Math.ceil(box.height / cell)
  const white = new Uint8Array(columns * rows)
  for (let y = 0; y < box.height; y++) {
    for (let x = 0; x < box.width; x++) {
      if (mask.data[(box.y + y) * mask.width + box.x + x]! >= whiteFrom) {
        white[Math.floor(y / cell) * columns + Math.floor(x / cell)] = 1
      }
    }
  }
  const area = largestArea(white, columns, rows)
  const inside = new Set(area)
  const pixels = area.map((i) => {
    const column = i % columns
    const row = Math.floor(i / columns)
    return {
      x: box.x + (column + 0.5) * cell,
      y: box.y + (row + 0.5) * cell,
      distance: distanceToOutside(inside, columns, rows, column, row) * cell,
    }
  })
  return { pixels, ...longAxis(pixels, cell) }
}

/** In the area: where there is room for the defect, which shrinks when there is none. Long defects follow its axis. */
export function placeInArea(area: PlaceArea, extent: number, isLong: boolean, random: SeededRandom): Spot {
  const deepest = area.pixels.reduce((most, pixel) => Math.max(most, pixel.distance), 0)
  const wanted = isLong ? deepest * 0.5 : Math.min(deepest * 0.8, extent * 0.5)
  const choices = area.pixels.filter((pixel) => pixel.distance >= wanted)
  const choice = choices[random.whole(0, Math.max(0, choices.length - 1))] ?? area.pixels[0]
  if (!choice) throw new Error('A place area has at least one pixel.')
  const isNarrow = area.length > 3 * deepest
  return {
    x: choice.x,
    y: choice.y,
    extent: Math.max(2, Math.min(extent, isLong ? area.length : 2.1 * choice.distance)),
    angle: isNarrow ? area.angle + random.normal() * 0.08 : random.between(0, Math.PI),
  }
}

function largestArea(white: Uint8Array, columns: number, rows: number): number[] {
  const seen = new Uint8Array(white.length)
  let largest: number[] = []
  for (let start = 0; start < white.length; start++) {
    if (white[start] === 0 || seen[start] === 1) continue
    const area = [start]
    seen[start] = 1
    for (const i of area) {
      const column = i % columns
      const row = Math.floor(i / columns)
      for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
        for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
          const neighbour = y * columns + x
          if (white[neighbour] === 0 || seen[neighbour] === 1) continue
          seen[neighbour] = 1
          area.push(neighbour)
        }
      }
    }
    if (area.length > largest.length) largest = area
  }
  return largest
}

/** Cells to the nearest cell outside, along eight directions. */
function distanceToOutside(
  inside: Set<number>,
  columns: number,
  rows: number,
  column: number,
  row: number,
): number {
  let nearest = Infinity
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      if (dx === 0 && dy === 0) continue
      const length = Math.hypot(dx, dy)
      for (let step = 1; step * length < nearest + length; step++) {
        const x = column + dx * step
        const y = row + dy * step
        if (x >= 0 && y >= 0 && x < columns && y < rows && inside.has(y * columns + x)) continue
        nearest = Math.min(nearest, (step - 0.5) * length)
        break
      }
    }
  }
  return nearest
}

function longAxis(pixels: { x: number; y: number }[], cell: number): { angle: number; length: number } {
  let meanX = 0
  let meanY = 0
  for (const { x, y } of pixels) {
    meanX += x / pixels.length
    meanY += y / pixels.length
  }
  let xx = 0
  let yy = 0
  let xy = 0
  for (const { x, y } of pixels) {
    xx += (x - meanX) ** 2
    yy += (y - meanY) ** 2
    xy += (x - meanX) * (y - meanY)
  }
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy)
  const cos = Math.cos(angle)
  const sin = Math.sin(angle)
  let low = Infinity
  let high = -Infinity
  for (const { x, y } of pixels) {
    const along = x * cos + y * sin
    low = Math.min(low, along)
    high = Math.max(high, along)
  }
  return { angle, length: high - low + cell }
}
