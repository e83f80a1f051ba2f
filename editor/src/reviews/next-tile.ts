/** Where a key leads from one tile of a grid. */

/** @returns the place to go to, or null when the key does not move. */
export function nextTile(key: string, from: number, count: number, columns: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    Home: -from,
    End: count - 1 - from,
  }
  const step = Object.hasOwn(steps, key) ? steps[key] : undefined
  if (step === undefined || count === 0) return null
  return Math.min(count - 1, Math.max(0, from + step))
}
