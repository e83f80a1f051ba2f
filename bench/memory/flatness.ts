/** How flat a line of measurements is. */

export type Flatness = {
  mean: number
  /** The farthest measurement from the mean, as a part of it. */
  worst: number
  /** How much higher the last quarter lies than the first, as a part of the mean. */
  growth: number
}

/** @param values at least four, in the order of time. */
export function flatness(values: readonly number[]): Flatness {
  const average = (some: readonly number[]) => some.reduce((sum, value) => sum + value, 0) / some.length
  const mean = average(values)
  const quarter = Math.floor(values.length / 4)
  return {
    mean,
    worst: Math.max(...values.map((value) => Math.abs(value - mean))) / mean,
    growth: (average(values.slice(-quarter)) - average(values.slice(0, quarter))) / mean,
  }
}
