/** Noise for several pictures drawn together: each has a generator of its own, so its seed alone decides it. */
import { createRandomGenerator } from '../runtime/random.ts'
import type { NoiseSource } from '../schedulers/scheduler.ts'

/** Gives one equal part of the numbers from each seed, one part after the other. */
export function createNoiseSource(seeds: readonly number[]): NoiseSource {
  const generators = seeds.map(createRandomGenerator)
  return (count) => {
    const part = count / generators.length
    const out = new Float32Array(count)
    generators.forEach((generator, i) => out.set(generator.normal(part), i * part))
    return out
  }
}
