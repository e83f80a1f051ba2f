/** Chance that can be repeated: the same seed makes the same choices (mulberry32 by Tommy Ettinger, public domain). */
export interface Chance {
  /** A whole number in 0 … below - 1. */
  below(below: number): number
  pick<T>(from: readonly T[]): T
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit)
  }
  return {
    below,
    pick(from) {
      const chosen = from[below(from.length)]
      if (chosen === undefined) throw new Error('There is nothing to pick from.')
      return chosen
    },
  }
}
