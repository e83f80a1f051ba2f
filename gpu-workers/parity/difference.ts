/** How far apart two pictures or two latents are. */

export type Difference = { mean: number; max: number }

/** Absolute differences, element by element. NaN anywhere gives NaN, which is within no bound. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): Difference {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers beside ${expected.length}`)
  let sum = 0
  let max = 0
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(actual[i]! - expected[i]!)
    sum += apart
    max = Math.max(max, apart)
  }
  return { mean: sum / expected.length, max }
}

/** Mean absolute value, which tells a picture from an empty one. */
export function meanSize(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + Math.abs(value), 0) / values.length
}
