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
      normalCrc32: z.number(),
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

  it.each(golden.draws)('draws the bits of torch.randn: seed $seed, $count numbers', (draw) => {
    const values = createRandomGenerator(draw.seed).normal(draw.count)
    expect(kept(values)).toEqual([...Float32Array.from(draw.normal)])
    expect(crc32(Buffer.from(values.buffer))).toBe(draw.normalCrc32)
  })

  it('draws the same numbers as torch when short and long draws follow one another', () => {
    const generator = createRandomGenerator(7)
    for (const { count, normal } of golden.sequence) {
      expect([...generator.normal(count)]).toEqual([...Float32Array.from(normal)])
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
