/** Holds the generator to PyTorch's numbers; `goldens/random_numbers.py` made them. */
import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRandomGenerator } from './random.ts'

const Golden = z.object({
  draws: z.array(
    z.object({
      seed: z.number(),
      count: z.number(),
      uniform: z.array(z.number()),
      uniformCrc32: z.number(),
      normal: z.array(z.number()),
      normalSum: z.number(),
      normalAbsSum: z.number(),
    }),
  ),
  sequence: z.array(z.object({ count: z.number(), normal: z.array(z.number()) })),
})
const golden = Golden.parse(
  JSON.parse(readFileSync(new URL('../goldens/random.json', import.meta.url), 'utf8')),
)

describe('createRandomGenerator', () => {
  it.each(golden.draws)('draws the bits of torch.rand: seed $seed, $count numbers', (draw) => {
    const values = createRandomGenerator(draw.seed).uniform(draw.count)
    expect(kept(values)).toEqual([...Float32Array.from(draw.uniform)])
    expect(crc32(Buffer.from(values.buffer))).toBe(draw.uniformCrc32)
  })

  it.each(golden.draws)('draws torch.randn within 3 ulp: seed $seed, $count numbers', (draw) => {
    const values = createRandomGenerator(draw.seed).normal(draw.count)
    expect(largestUlpDifference(kept(values), draw.normal)).toBeLessThanOrEqual(3)
    // The sums speak for the numbers between the kept ends.
    expect(values.reduce((sum, value) => sum + value, 0)).toBeCloseTo(draw.normalSum, 3)
    expect(values.reduce((sum, value) => sum + Math.abs(value), 0)).toBeCloseTo(draw.normalAbsSum, 3)
  })

  it('draws the same numbers as torch when short and long draws follow one another', () => {
    const generator = createRandomGenerator(7)
    for (const { count, normal } of golden.sequence) {
      expect(largestUlpDifference([...generator.normal(count)], normal)).toBeLessThanOrEqual(3)
    }
  })

  it('refuses a seed that PyTorch would cut', () => {
    expect(() => createRandomGenerator(2 ** 32)).toThrow('from 0 to 4294967295')
    expect(() => createRandomGenerator(1.5)).toThrow('whole number')
  })
})

function kept(values: Float32Array): number[] {
  return values.length <= 64 ? [...values] : [...values.subarray(0, 32), ...values.subarray(-32)]
}

/** How many float32 numbers lie between the two, at most, over all pairs. */
function largestUlpDifference(actual: number[], expected: number[]): number {
  expect(actual.length).toBe(expected.length)
  const a = orderedBits(actual)
  const b = orderedBits(expected)
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)))
}

function orderedBits(values: number[]): number[] {
  const bits = new Int32Array(Float32Array.from(values).buffer)
  return [...bits].map((value) => (value < 0 ? -(value & 0x7fffffff) : value))
}
