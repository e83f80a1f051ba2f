/** Small, quick random numbers for geometry: the same seed draws the same shape on every machine. */

export interface SeededRandom {
  /** From [0, 1). */
  next: () => number
  /** From [low, high). */
  between: (low: number, high: number) => number
  /** A whole number from low to high, both included. */
  whole: (low: number, high: number) => number
  /** Mean 0, standard deviation 1, never beyond ±6: a sum of twelve uniforms, so no logarithm is needed. */
  normal: () => number
  /** True with this probability. */
  chance: (probability: number) => boolean
  pick: <T>(choices: readonly [T, ...T[]]) => T
  /** A seed for another stream. */
  seed: () => number
}

/** xoshiro128** (Blackman and Vigna, 2018), its state filled from the seed by splitmix32. Any number is a seed. */
export function createSeededRandom(seed: number): SeededRandom {
  let fill = seed >>> 0
  const splitmix = () => {
    fill = (fill + 0x9e3779b9) >>> 0
    return mixBits(fill)
  }
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let d = splitmix() | 1
  const bits = () => {
    const r = Math.imul(b, 5)
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = (d << 11) | (d >>> 21)
    return result
  }
  const next = () => bits() / 4294967296
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    whole: (low, high) => low + Math.floor((high - low + 1) * next()),
    normal: () => {
      let sum = -6
      for (let i = 0; i < 12; i++) sum += next()
      return sum
    },
    chance: (probability) => next() < probability,
    pick: (choices) => choices[Math.floor(next() * choices.length)] ?? choices[0],
    seed: bits,
  }
}

/** Scatters the bits of a 32-bit number (the finaliser of MurmurHash3). */
export function mixBits(value: number): number {
  let bits = value | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
