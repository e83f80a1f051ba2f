/** How unlike two patches are, when one of them may be made lighter or darker. */
import type { Level } from './pyramid.ts'

/**
 * A copied patch may be shifted by so many levels (of 255) in each channel: enough to follow the light across a part,
 * too little to turn one material into another.
 */
const mostShift = 20
/** What a shift costs, beside differences in pattern: an unshifted patch is better, if it is as alike. */
const shiftWeight = 0.3

/** What is added to a channel of a copied patch, from the means of where it goes and where it comes from. */
export function colourShift(targetMean: number, sourceMean: number): number {
  return Math.min(mostShift, Math.max(-mostShift, targetMean - sourceMean))
}

/** True where the patch lies wholly in the picture; only there means are of the whole patch, and shifts are used. */
export function isWhole(x: number, y: number, radius: number, width: number, height: number): boolean {
  return x >= radius && y >= radius && x < width - radius && y < height - radius
}

/**
 * Mean squared difference per pixel of two patches around pixel numbers `target` and `source`, the latter with its
 * colours shifted towards the former's. A value ≥ `limit` may be returned as soon as it is certain.
 *
 * @param means From `measureMeans`, of the same radius.
 */
export function patchCost(
  level: Level,
  radius: number,
  means: Float32Array,
  target: number,
  source: number,
  limit: number,
): number {
  const { width, height, pixels } = level
  const x = target % width
  const y = (target - x) / width
  const left = -Math.min(radius, x)
  const right = Math.min(radius, width - 1 - x)
  const top = -Math.min(radius, y)
  const bottom = Math.min(radius, height - 1 - y)
  const count = (right - left + 1) * (bottom - top + 1)
  const whole = isWhole(x, y, radius, width, height)
  const red = whole ? colourShift(means[target * 3]!, means[source * 3]!) : 0
  const green = whole ? colourShift(means[target * 3 + 1]!, means[source * 3 + 1]!) : 0
  const blue = whole ? colourShift(means[target * 3 + 2]!, means[source * 3 + 2]!) : 0
  const sumLimit = limit * count
  const length = (right - left + 1) * 3
  let sum = count * shiftWeight * (red * red + green * green + blue * blue)
  for (let row = top; row <= bottom; row++) {
    if (sum >= sumLimit) return sum / count
    let a = (target + row * width + left) * 3
    let b = (source + row * width + left) * 3
    for (const end = a + length; a < end; a += 3, b += 3) {
      const offRed = pixels[a]! - pixels[b]! - red
      const offGreen = pixels[a + 1]! - pixels[b + 1]! - green
      const offBlue = pixels[a + 2]! - pixels[b + 2]! - blue
      sum += offRed * offRed + offGreen * offGreen + offBlue * offBlue
    }
  }
  return sum / count
}
