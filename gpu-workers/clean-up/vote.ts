/** Makes the hole's pixels from the matches: every patch that covers a pixel says what colour it should have. */
import { colourShift, isWhole } from './patch-cost.ts'
import type { PatchField } from './patch-field.ts'
import type { Level } from './pyramid.ts'

/**
 * Replaces the guess for the hole by a weighted mean of what the matched patches say (Wexler, Shechtman, Irani,
 * "Space-Time Completion of Video", 2007): close matches count more, and so do patches near the hole's edge.
 *
 * @param edgeDistance Per pixel: steps to the nearest known pixel.
 * @param sharpness How strongly close matches are preferred; 0 is a plain mean, 1 Wexler's weights, more is sharper.
 */
export function voteForPixels(
  level: Level,
  field: PatchField,
  edgeDistance: Float32Array,
  sharpness: number,
): void {
  const { width, height, hole, pixels } = level
  const { radius, targets, best, cost, means } = field
  const scale = sharpness > 0 ? sharpness / (2 * percentile(cost, 0.75) + 1e-3) : 0
  const sums = new Float32Array(width * height * 4)
  for (let place = 0; place < targets.length; place++) {
    const target = targets[place]!
    const source = best[place]!
    const closeness = scale > 0 ? Math.exp(-Math.min(60, cost[place]! * scale)) : 1
    const weight = (closeness + 1e-20) * Math.pow(1.3, -edgeDistance[target]!)
    const x = target % width
    const y = (target - x) / width
    const left = -Math.min(radius, x)
    const right = Math.min(radius, width - 1 - x)
    const top = -Math.min(radius, y)
    const bottom = Math.min(radius, height - 1 - y)
    const whole = isWhole(x, y, radius, width, height)
    const red = whole ? colourShift(means[target * 3]!, means[source * 3]!) : 0
    const green = whole ? colourShift(means[target * 3 + 1]!, means[source * 3 + 1]!) : 0
    const blue = whole ? colourShift(means[target * 3 + 2]!, means[source * 3 + 2]!) : 0
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const to = target + row * width + column
        if (hole[to] === 0) continue
        const from = (source + row * width + column) * 3
        sums[to * 4] = sums[to * 4]! + weight * (pixels[from]! + red)
        sums[to * 4 + 1] = sums[to * 4 + 1]! + weight * (pixels[from + 1]! + green)
        sums[to * 4 + 2] = sums[to * 4 + 2]! + weight * (pixels[from + 2]! + blue)
        sums[to * 4 + 3] = sums[to * 4 + 3]! + weight
      }
    }
  }
  for (let i = 0; i < hole.length; i++) {
    if (hole[i] === 0) continue
    const weight = sums[i * 4 + 3]!
    if (!(weight > 0)) continue
    for (let c = 0; c < 3; c++)
      pixels[i * 3 + c] = Math.min(255, Math.max(0, Math.round(sums[i * 4 + c]! / weight)))
  }
}

function percentile(values: Float32Array, part: number): number {
  const sorted = Float32Array.from(values).sort()
  return sorted[Math.floor((sorted.length - 1) * part)] ?? 0
}
