/** DPM++ SDE: what people know by that name is diffusers' singlestep solver, "DPM-Solver++" (arXiv:2211.01095), alg. 1. */
import { predictOriginal, preservingSchedule } from './noise-level.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { markedTimesteps } from './timesteps.ts'

/**
 * A run of `steps` steps, by turns of order 1 and of order 2, midpoint. Defaults are those of diffusers'
 * `DPMSolverSinglestepScheduler`, which adds no noise, knows no spacing but 'linspace' and no zero terminal SNR.
 */
export function createDpmSinglestep(
  config: NoiseScheduleConfig,
  steps: number,
  { karras = false } = {},
): Scheduler {
  const plain = { ...config, rescale_betas_zero_snr: false }
  const { timesteps, levels } = preservingSchedule(plain, markedTimesteps('linspace', steps, plain), karras)
  const orders = ordersOf(steps, config)
  /** Where the current pair of steps began: the sample there and what it was taken for. */
  let start: { sample: Float32Array; original: Float32Array; i: number } | undefined

  return {
    timesteps,
    order: 1,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    addNoise: (original, noise, i) => blend(levels[i]!.alpha, original, levels[i]!.sigma, noise),
    step(modelOutput, i, sample) {
      const to = levels[i + 1]!
      const original = predictOriginal(config.prediction_type, levels[i]!, modelOutput, sample)
      // A run that begins between the two steps of a pair has nothing to look back on.
      if (orders[i] === 1 || start?.i !== i - 1) {
        start = { sample, original, i }
        const from = levels[i]!
        const h = to.lambda - from.lambda
        return blend(to.sigma / from.sigma, sample, -to.alpha * Math.expm1(-h), original)
      }
      // Alg. 1, lines 8–9: back to where the pair began, D = x₀ there + (x₀ here − x₀ there) / (2 r), r = h₀ / h.
      const from = levels[i - 1]!
      const h = to.lambda - from.lambda
      const r = (levels[i]!.lambda - from.lambda) / h
      const drift = blend(1 - 0.5 / r, start.original, 0.5 / r, original)
      return blend(to.sigma / from.sigma, start.sample, -to.alpha * Math.expm1(-h), drift)
    },
  }
}

/** 1, 2, 1, 2, …, the last one 1 where the picture ends clean or the count is odd; an even end in noise keeps its 2. */
function ordersOf(steps: number, { final_sigmas_type }: NoiseScheduleConfig): number[] {
  const orders = Array.from({ length: steps }, (_, i) => 1 + (i % 2))
  if (final_sigmas_type === 'zero') orders[steps - 1] = 1
  return orders
}
