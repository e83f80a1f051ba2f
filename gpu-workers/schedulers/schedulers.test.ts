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

  it.each(golden.cases)('$scheduler walks as diffusers does: $config, $steps steps from $begin', (one) => {
    const scheduler = createScheduler(one.scheduler, golden.configs[one.config]!, one.steps)
    expectNear(scheduler.timesteps, one.timesteps, 1e-3)
    expect(scheduler.initNoiseSigma / one.initNoiseSigma).toBeCloseTo(1, 5)

    const random = createRandomGenerator(one.steps)
    const original = random.normal(24)
    let sample = scheduler.addNoise(original, random.normal(24), one.begin)
    expectNear(sample, one.start, 1e-4)
    for (let i = one.begin; i < scheduler.timesteps.length; i++) {
      const seen = scheduler.scaleModelInput(sample, i)
      const answer = seen.map((x) => Math.sin(x + scheduler.timesteps[i]! / 100))
      sample = scheduler.step(answer, i, sample, random.normal)
    }
    expectNear(sample, one.final, 3e-4)
  })
})

/** Every pair within `tolerance`, taken relative where numbers are large. */
function expectNear(actual: ArrayLike<number>, expected: number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  const worst = Math.max(...expected.map((e, i) => Math.abs(actual[i]! - e) / Math.max(1, Math.abs(e))))
  expect(worst).toBeLessThanOrEqual(tolerance)
}
