/** How flat a line of measurements is. */

export type Flatness = {
  mean: number
  /** The farthest measurement from the mean, as a part of it. */
  worst: number
  /** The farthest mean of a quarter from the mean: what stays, without what is taken for a moment. */
  drift: number
  /** How much higher the last quarter lies than the first, as a part of the mean. */
  growth: number
}

/** @param values at least four, in the order of time. */
export function flatness(values: readonly number[]): Flatness {
  const average = (some: readonly number[]) => some.reduce((sum, value) => sum + value, 0) / some.length
  const mean = average(values)
  const quarter = Math.floor(values.length / 4)
  const quarters = [0, 1, 2, 3].map((i) => average(values.slice(i * quarter, (i + 1) * quarter)))
  return {
    mean,
    worst: Math.max(...values.map((value) => Math.abs(value - mean))) / mean,
    drift: Math.max(...quarters.map((value) => Math.abs(value - mean))) / mean,
    growth: (average(values.slice(-quarter)) - average(values.slice(0, quarter))) / mean,
  }
}
