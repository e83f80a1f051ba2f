/** Brings a coarse alpha matte to the photo's own edges and size. */
import type { RgbImage } from '../images/raster.ts'

/** One float per pixel. */
export type Plane = { width: number; height: number; data: Float32Array }

// In pixels of the coarse matte: wide enough to reach over the blur of its edge.
const RADIUS = 2
// Variance of brightness (0 … 1) below which a neighbourhood counts as flat, where the matte is only smoothed.
const FLAT = 1e-3

/**
 * The fast guided filter (He and Sun, arXiv:1505.00996, alg. 2): near an edge alpha is taken as a · brightness + b; a and
 * b come from the coarse pair and are used on the full photo.
 *
 * @param coarse alpha 0 … 1.
 * @param small the photo at the coarse matte's size.
 * @returns alpha 0 … 1 at the photo's size.
 */
export function refineAlpha(coarse: Plane, small: RgbImage, photo: RgbImage): Plane {
  const guide = brightness(small)
  const product = (x: Plane, y: Plane): Plane => ({
    ...x,
    data: x.data.map((value, i) => value * y.data[i]!),
  })
  const meanGuide = boxMean(guide)
  const meanAlpha = boxMean(coarse)
  const meanProduct = boxMean(product(guide, coarse))
  const meanSquare = boxMean(product(guide, guide))
  const slope = new Float32Array(guide.data.length)
  const offset = new Float32Array(guide.data.length)
  for (let i = 0; i < slope.length; i++) {
    const mean = meanGuide.data[i]!
    const covariance = meanProduct.data[i]! - mean * meanAlpha.data[i]!
    slope[i] = covariance / (meanSquare.data[i]! - mean * mean + FLAT)
    offset[i] = meanAlpha.data[i]! - slope[i]! * mean
  }
  const { width, height } = coarse
  return applyLines(boxMean({ width, height, data: slope }), boxMean({ width, height, data: offset }), photo)
}

function applyLines(slope: Plane, offset: Plane, photo: RgbImage): Plane {
  const { width, height } = photo
  const guide = brightness(photo).data
  const data = new Float32Array(width * height)
  for (let y = 0; y < height; y++) {
    const row = bilinear(y, height, slope.height)
    for (let x = 0; x < width; x++) {
      const column = bilinear(x, width, slope.width)
      const i = y * width + x
      const alpha = sampleAt(slope, row, column) * guide[i]! + sampleAt(offset, row, column)
      data[i] = Math.min(Math.max(alpha, 0), 1)
    }
  }
  return { width, height, data }
}

function brightness({ width, height, data }: RgbImage): Plane {
  const out = new Float32Array(width * height)
  // Rec. 601 luma.
  for (let i = 0; i < out.length; i++) {
    out[i] = (0.299 * data[3 * i]! + 0.587 * data[3 * i + 1]! + 0.114 * data[3 * i + 2]!) / 255
  }
  return { width, height, data: out }
}

function boxMean(plane: Plane): Plane {
  const rows = meanAlong(plane.data, plane.height, plane.width, plane.width, 1)
  return { ...plane, data: meanAlong(rows, plane.width, plane.height, 1, plane.width) }
}

/** Running mean over 2 · RADIUS + 1 neighbours on each of `lines` lines; at the ends over those that exist. */
function meanAlong(
  data: Float32Array,
  lines: number,
  length: number,
  lineStep: number,
  step: number,
): Float32Array {
  const out = new Float32Array(data.length)
  for (let line = 0; line < lines; line++) {
    const start = line * lineStep
    let sum = 0
    for (let k = 0; k < Math.min(RADIUS, length); k++) sum += data[start + k * step]!
    for (let k = 0; k < length; k++) {
      if (k + RADIUS < length) sum += data[start + (k + RADIUS) * step]!
      if (k - RADIUS - 1 >= 0) sum -= data[start + (k - RADIUS - 1) * step]!
      const count = Math.min(k + RADIUS, length - 1) - Math.max(k - RADIUS, 0) + 1
      out[start + k * step] = sum / count
    }
  }
  return out
}

type Between = { low: number; high: number; weight: number }

/** Where the middle of pixel `i` of `size` falls among `coarseSize` pixels. */
function bilinear(i: number, size: number, coarseSize: number): Between {
  const at = Math.min(Math.max(((i + 0.5) * coarseSize) / size - 0.5, 0), coarseSize - 1)
  const low = Math.floor(at)
  return { low, high: Math.min(low + 1, coarseSize - 1), weight: at - low }
}

function sampleAt({ width, data }: Plane, row: Between, column: Between): number {
  const across = (y: number) =>
    data[y * width + column.low]! * (1 - column.weight) + data[y * width + column.high]! * column.weight
  return across(row.low) * (1 - row.weight) + across(row.high) * row.weight
}
