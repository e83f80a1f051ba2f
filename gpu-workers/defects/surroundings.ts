/** What the photo looks like where the defect goes: its colour, its light, its sharpness and its grain. */
import type { PixelBox } from '../images/pixel-box.ts'
import type { RgbImage } from '../images/raster.ts'
import { lightOfByte, luminance, type Light } from './linear-light.ts'

export interface Surroundings {
  /** The usual (median) colour, as light. */
  base: Light
  /** Its brightness, 0 … 1. */
  brightness: number
  /** Direction towards the light in the picture plane (y grows downwards); length 1. */
  light: { x: number; y: number }
  /** Blur of the photo as the standard deviation of its edges, pixels: 0.5 (pin-sharp) … 3. */
  blur: number
  /** Standard deviation of its grain, bytes: 0 … 8. */
  grain: number
}

/** Looks at up to about 128 × 128 samples in the box, and at full-size rows for blur and grain. */
export function observeSurroundings(image: RgbImage, box: PixelBox): Surroundings {
  const samples = sampleLight(image, box)
  const base: Light = [median(samples.red), median(samples.green), median(samples.blue)]
  const { blur, grain } = observeRows(image, box)
  return { base, brightness: luminance(base), light: lightDirection(samples), blur, grain }
}

interface Samples {
  red: number[]
  green: number[]
  blue: number[]
  /** Position in the box, −1 … 1. */
  x: number[]
  y: number[]
}

function sampleLight(image: RgbImage, box: PixelBox): Samples {
  const samples: Samples = { red: [], green: [], blue: [], x: [], y: [] }
  const step = Math.max(1, Math.floor(Math.max(box.width, box.height) / 128))
  for (let y = box.y; y < box.y + box.height; y += step) {
    for (let x = box.x; x < box.x + box.width; x += step) {
      const p = (y * image.width + x) * 3
      samples.red.push(lightOfByte[image.data[p]!]!)
      samples.green.push(lightOfByte[image.data[p + 1]!]!)
      samples.blue.push(lightOfByte[image.data[p + 2]!]!)
      samples.x.push((2 * (x - box.x)) / box.width - 1)
      samples.y.push((2 * (y - box.y)) / box.height - 1)
    }
  }
  return samples
}

/**
 * Towards the side where the surface is brighter (least-squares plane through the brightness), mixed with the light
 * from above left that people assume when a picture does not tell.
 */
function lightDirection({ red, green, blue, x, y }: Samples): { x: number; y: number } {
  let mean = 0
  let slopeX = 0
  let slopeY = 0
  let spreadX = 1e-9
  let spreadY = 1e-9
  const brightness = red.map((r, i) => luminance([r, green[i]!, blue[i]!]))
  for (const value of brightness) mean += value / brightness.length
  for (let i = 0; i < brightness.length; i++) {
    slopeX += (brightness[i]! - mean) * x[i]!
    slopeY += (brightness[i]! - mean) * y[i]!
    spreadX += x[i]! * x[i]!
    spreadY += y[i]! * y[i]!
  }
  const towardsX = -0.55 + (4 * slopeX) / spreadX / (mean + 0.02)
  const towardsY = -0.75 + (4 * slopeY) / spreadY / (mean + 0.02)
  const length = Math.hypot(towardsX, towardsY)
  return length < 1e-6 ? { x: -0.6, y: -0.8 } : { x: towardsX / length, y: towardsY / length }
}

function observeRows(image: RgbImage, box: PixelBox): { blur: number; grain: number } {
  const widths: { strength: number; width: number }[] = []
  const roughness: number[] = []
  const rowStep = Math.max(1, Math.floor(box.height / 64))
  const length = Math.min(box.width, 1024)
  for (let y = box.y; y < box.y + box.height; y += rowStep) {
    const from = (y * image.width + box.x) * 3 + 1
    const green = (x: number) => image.data[from + x * 3]!
    for (let x = 1; x < length - 2; x++) roughness.push(Math.abs(green(x - 1) - 2 * green(x) + green(x + 1)))
    for (let x = 1; x < length - 2; x++) {
      const rise = green(x + 1) - green(x)
      const strength = Math.abs(rise)
      if (
        strength < 6 ||
        strength < Math.abs(green(x) - green(x - 1)) ||
        strength < Math.abs(green(x + 2) - green(x + 1))
      )
        continue
      let left = x
      let right = x + 1
      while (left > 0 && (green(left) - green(left - 1)) * rise > 0) left--
      while (right < length - 1 && (green(right + 1) - green(right)) * rise > 0) right++
      // A step blurred by σ rises at most by height ÷ (σ √(2π)) per pixel.
      widths.push({ strength, width: Math.abs(green(right) - green(left)) / (strength * 2.507) })
    }
  }
  widths.sort((a, b) => b.strength - a.strength)
  const strongest = widths.slice(0, Math.max(8, Math.floor(widths.length / 10)))
  const blur =
    strongest.length < 8 ? 0.8 : Math.min(3, Math.max(0.5, median(strongest.map(({ width }) => width))))
  // The second difference of grain σ has deviation σ √6, and a median of 0.6745 of that.
  const grain = roughness.length === 0 ? 0 : Math.min(8, median(roughness) / (0.6745 * Math.sqrt(6)))
  return { blur, grain }
}

function median(values: number[]): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}
