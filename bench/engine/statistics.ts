/** The value below which a share of the samples lies (nearest rank); 0.5 is the median. */
export function quantile(samples: readonly number[], share: number): number {
  if (samples.length === 0) throw new Error('There is nothing to take a quantile of.')
  const sorted = samples.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? NaN
}

export const round = (value: number, digits = 1): number => Number(value.toFixed(digits))
