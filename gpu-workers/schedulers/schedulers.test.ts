/** Holds every sampler to diffusers' numbers; `goldens/schedulers.py` made them. */
import { readFileSync } from 'node:fs'
import { samplers } from '@defect-studio/nodes'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createRandomGenerator } from '../runtime/random.ts'
import { createScheduler } from './index.ts'
import { alphasCumprod, NoiseScheduleConfig } from './noise-schedule.ts'

const Golden = z.object({
  configs: z.record(z.string(), NoiseScheduleConfig),
  alphasCumprod: z.record(z.string(), z.array(z.number())),
  cases: z.array(
    z.object({
      scheduler: z.enum(samplers),
      config: z.string(),
      steps: z.number(),
      begin: z.number(),
      timesteps: z.array(z.number()),
      initNoiseSigma: z.number(),
      start: z.array(z.number()),
      final: z.array(z.number()),
    }),
  ),
  timeSums: z.array(
    z.object({ scheduler: z.enum(samplers), config: z.string(), sums: z.array(z.number().nullable()) }),
  ),
})
const golden = Golden.parse(
  JSON.parse(readFileSync(new URL('../goldens/schedulers.json', import.meta.url), 'utf8')),
)

describe('schedulers', () => {
  it('has goldens for every sampler', () => {
    expect(new Set(golden.cases.map((one) => one.scheduler))).toEqual(new Set(samplers))
  })

  it.each(Object.keys(golden.configs))('keeps the cumulative alphas of diffusers: %s', (name) => {
    const alphas = alphasCumprod(golden.configs[name]!)
    const picked = [0, 1, 500, 998, 999].map((t) => alphas[t]!)
    picked.forEach((alpha, i) => expect(alpha).toBeCloseTo(golden.alphasCumprod[name]![i]!, 6))
  })

  it.each(samplers)('%s walks as diffusers does', (name) => {
    for (const one of golden.cases.filter((one) => one.scheduler === name)) {
      const { config, steps, begin } = one
      const what = `${config}, ${steps} steps from ${begin}`
      const scheduler = createScheduler(name, golden.configs[config]!, steps)
      if (one.timesteps.length > 0) expectNear(scheduler.timesteps, one.timesteps, 2e-4, what)
      expect(scheduler.initNoiseSigma / one.initNoiseSigma, what).toBeCloseTo(1, 5)

      const random = createRandomGenerator(steps)
      const original = random.normal(24)
      let sample = scheduler.addNoise(original, random.normal(24), begin)
      expectNear(sample.subarray(0, 8), one.start, 1e-5, `start of ${what}`)
      for (let i = begin; i < scheduler.timesteps.length; i++) {
        const seen = scheduler.scaleModelInput(sample, i)
        const answer = seen.map((x) => Math.sin(x + scheduler.timesteps[i]! / 100))
        sample = scheduler.step(answer, i, sample, random.normal)
      }
      // x₀ is a small difference of numbers as large as the noise, which is 4,096 with zero terminal SNR.
      const largest = Math.max(...one.start.map(Math.abs))
      expectNear(sample.subarray(0, 8), one.final, Math.max(1e-4, 1e-5 * largest), `end of ${what}`)
    }
  })

  it.each(golden.timeSums)('$scheduler takes the times of diffusers at 1 to 150 steps: $config', (one) => {
    for (const [i, sum] of one.sums.entries()) {
      if (sum === null) continue
      const { timesteps } = createScheduler(one.scheduler, golden.configs[one.config]!, i + 1)
      const ours = timesteps.reduce((a, b) => a + b, 0)
      expect(Math.abs(ours - sum), `${i + 1} steps: ${ours}`).toBeLessThan(0.2)
    }
  })
})

/** Every pair within `tolerance`, taken relative where numbers are large. */
function expectNear(actual: ArrayLike<number>, expected: number[], tolerance: number, what: string): void {
  expect(actual.length, what).toBe(expected.length)
  const worst = Math.max(...expected.map((e, i) => Math.abs(actual[i]! - e) / Math.max(1, Math.abs(e))))
  expect(worst, what).toBeLessThanOrEqual(tolerance)
}
