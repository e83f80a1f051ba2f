/** Puts a drawn defect onto the photo: film, paint, light on the relief, grain; and says exactly which pixels changed. */
import type { GrayMask, RgbImage } from '../images/raster.ts'
import type { DefectCanvas } from './defect-canvas.ts'
import { byteOfLight, lightOfByte } from './linear-light.ts'
import { mixBits } from './seeded-random.ts'
import type { Surroundings } from './surroundings.ts'

/** A photo while defects are put onto it. */
export interface WorkedPhoto {
  /** Before the first defect; only read. */
  original: RgbImage
  photo: RgbImage
  mask: GrayMask
}

/** Where the canvas lies on the photo. */
export interface CanvasPlace {
  /** Photo pixel of the canvas's first pixel. */
  x: number
  y: number
  /** Photo pixels covered. */
  width: number
  height: number
  /** Canvas pixels per photo pixel, at most 1. */
  scale: number
}

/** Below this presence a pixel keeps its bytes; what the effect would be there is below a visible step. */
const leastPresence = 0.1
/** From this presence on a pixel is the defect's core, which is always changed. */
const surePresence = 0.6
/** Bytes of difference that count as seen at the rim. */
const leastChange = 3
/** Tangent of the light's angle from the vertical. */
const lightTangent = 1.15
const ambient = 0.28

/**
 * Changes the worked photo and its mask in place. After it, as before it: a pixel's mask is white exactly if its bytes
 * differ from the original's. Gives the number of pixels that this defect changed.
 *
 * @param allowed How far each photo pixel may be changed, 0 … 1; asked once per pixel of the place.
 */
export function putOnPhoto(
  work: WorkedPhoto,
  canvas: DefectCanvas,
  place: CanvasPlace,
  surroundings: Surroundings,
  seed: number,
  allowed: (x: number, y: number) => number,
): number {
  const { original, mask } = work
  const { data, width } = work.photo
  const read = createReader(canvas, place.scale)
  const { light, grain } = surroundings
  const gloss = glossOf(surroundings)
  // A coloured surface colours what it mirrors a little, or its dents would look chalky.
  const strongest = Math.max(...surroundings.base) + 0.01
  const hue = surroundings.base.map((light) => 0.3 + (0.7 * light) / strongest)
  const bytes = new Uint8Array(3)
  let changed = 0
  for (let row = 0; row < place.height; row++) {
    for (let column = 0; column < place.width; column++) {
      const found = read(column, row)
      if (found.presence < leastPresence) continue
      const x = place.x + column
      const y = place.y + row
      const part = found.presence * allowed(x, y)
      if (part < leastPresence) continue
      const at = y * width + x
      const rise = found.slopeX * light.x + found.slopeY * light.y
      const steepness = found.slopeX * found.slopeX + found.slopeY * found.slopeY
      const flatness = 1 / Math.sqrt(1 + steepness)
      const shade = ambient + (1 - ambient) * Math.max(0.05, (1 - lightTangent * rise) * flatness)
      const glint = gloss * glintOf(rise, steepness)
      const noise = grain * found.cover * grainAt(seed, x, y)
      const shine = glint * Math.min(2, lightOfByte[data[at * 3 + 1]!]! / (surroundings.base[1] + 0.01))
      let largest = 0
      for (let c = 0; c < 3; c++) {
        const before = data[at * 3 + c]!
        const under = lightOfByte[before]! * found.film[c]!
        const lit = (under + (found.paint[c]! - under) * found.cover) * shade + shine * hue[c]!
        const after = Math.round(before + (byteOfLight(lit) + noise - before) * part)
        bytes[c] = after < 0 ? 0 : after > 255 ? 255 : after
        largest = Math.max(largest, Math.abs(bytes[c]! - before))
      }
      // At the rim, what nobody could see is left as it was: the mask ends where the change does.
      if (part < surePresence && largest < leastChange) continue
      // Where light and shadow, or two defects, happen to cancel, one invisible step keeps the promise that white means changed.
      const before = original.data
      if (bytes[0] === before[at * 3] && bytes[1] === before[at * 3 + 1] && bytes[2] === before[at * 3 + 2]) {
        bytes[1]! += bytes[1]! < 128 ? 1 : -1
      }
      for (let c = 0; c < 3; c++) data[at * 3 + c] = bytes[c]!
      mask.data[at] = 255
      changed++
    }
  }
  return changed
}

/** Bare metal is bright and nearly grey, and mirrors; coloured and dark surfaces mostly scatter. */
function glossOf({ base, brightness }: Surroundings): number {
  const saturation = 1 - Math.min(...base) / (Math.max(...base) + 0.01)
  return 0.022 + 0.28 * brightness * (1 - saturation) ** 2
}

/** How much more than a flat surface a tilted one mirrors the light to the camera (Blinn and Phong, exponent 20). */
function glintOf(rise: number, steepness: number): number {
  if (rise >= 0) return 0
  const flat = 0.863
  const cosine = (flat - 0.505 * rise) / Math.sqrt(1 + steepness)
  return Math.max(0, Math.pow(Math.min(1, cosine), 20) - 0.0525)
}

/** Grain of deviation 1: the sum of four uniform bytes of the pixel's own random bits. */
function grainAt(seed: number, x: number, y: number): number {
  const bits = mixBits(seed ^ Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1))
  const sum = (bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24)
  return (sum - 510) / 147.8
}

interface CanvasPoint {
  presence: number
  cover: number
  paint: Float32Array
  film: Float32Array
  slopeX: number
  slopeY: number
}

/** Reads the canvas at photo pixels; a canvas smaller than the photo is interpolated. One object is reused. */
function createReader(canvas: DefectCanvas, scale: number): (column: number, row: number) => CanvasPoint {
  const { width, height } = canvas
  const point: CanvasPoint = {
    presence: 0,
    cover: 0,
    paint: new Float32Array(3),
    film: new Float32Array(3),
    slopeX: 0,
    slopeY: 0,
  }
  const slope = (x: number, y: number, dx: number, dy: number) => {
    const x1 = Math.min(width - 1, x + dx)
    const x0 = Math.max(0, x - dx)
    const y1 = Math.min(height - 1, y + dy)
    const y0 = Math.max(0, y - dy)
    return (
      (canvas.relief[y1 * width + x1]! - canvas.relief[y0 * width + x0]!) / Math.max(1, x1 - x0 + y1 - y0)
    )
  }
  return (column, row) => {
    const exactX = Math.min(width - 1, Math.max(0, (column + 0.5) * scale - 0.5))
    const exactY = Math.min(height - 1, Math.max(0, (row + 0.5) * scale - 0.5))
    const x = Math.floor(exactX)
    const y = Math.floor(exactY)
    const u = exactX - x
    const v = exactY - y
    const right = u > 0 ? 1 : 0
    const below = v > 0 ? width : 0
    const a = y * width + x
    const blend = (values: Float32Array, step: number, offset: number) => {
      const first = values[a * step + offset]!
      if (u === 0 && v === 0) return first
      const top = first + (values[(a + right) * step + offset]! - first) * u
      const low = values[(a + below) * step + offset]!
      const bottom = low + (values[(a + below + right) * step + offset]! - low) * u
      return top + (bottom - top) * v
    }
    point.presence = blend(canvas.presence, 1, 0)
    if (point.presence < leastPresence) return point
    point.cover = blend(canvas.cover, 1, 0)
    for (let c = 0; c < 3; c++) {
      point.paint[c] = blend(canvas.paint, 3, c)
      point.film[c] = blend(canvas.film, 3, c)
    }
    point.slopeX = slope(x, y, 1, 0)
    point.slopeY = slope(x, y, 0, 1)
    return point
  }
}
