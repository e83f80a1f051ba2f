/** DPM++ 2M and 2M SDE: the second-order multistep solvers of "DPM-Solver++", Lu et al., arXiv:2211.01095. */
import { predictOriginal, preservingSchedule } from './noise-level.ts'
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { blend, type Scheduler } from './scheduler.ts'
import { markedTimesteps, roundHalfEven } from './timesteps.ts'

// Below this many steps the reference makes the last one of order 1, which is steadier.
const FEW_STEPS = 15

/**
 * A run of `steps` steps: order 2, midpoint. Defaults are those of diffusers' `DPMSolverMultistepScheduler`, with
 * `sde` those of its `algorithm_type` 'sde-dpmsolver++'.
 */
export function createDpmMultistep(
  config: NoiseScheduleConfig,
  steps: number,
  { karras = false, sde = false } = {},
): Scheduler {
  const times = markedTimesteps(config.timestep_spacing ?? 'linspace', steps, config)
  // Karras times on a cosine schedule are cut where all others are rounded: so does the reference.
  const whole = config.beta_schedule === 'squaredcos_cap_v2' ? Math.trunc : roundHalfEven
  const { timesteps, levels } = preservingSchedule(config, times, karras, whole)
  const isLastFirstOrder = config.final_sigmas_type === 'zero' || steps < FEW_STEPS
  let previousOriginal: Float32Array | undefined

  return {
    timesteps,
    order: 1,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    addNoise: (original, noise, i) => blend(levels[i]!.alpha, original, levels[i]!.sigma, noise),
    step(modelOutput, i, sample, noise) {
      const from = levels[i]!
      const to = levels[i + 1]!
      const original = predictOriginal(config.prediction_type, from, modelOutput, sample)
      const h = to.lambda - from.lambda
      let drift = original
      if (previousOriginal && !(i === steps - 1 && isLastFirstOrder)) {
        // Alg. 2, line 7: D = (1 + 1/(2r)) x₀ − 1/(2r) x₀ of the step before, r = h_before / h.
        const r = (from.lambda - levels[i - 1]!.lambda) / h
        drift = blend(1 + 0.5 / r, original, -0.5 / r, previousOriginal)
      }
      previousOriginal = original
      if (!sde) {
        // Line 8: x_t = (σ_t / σ_s) x_s − α_t (e^(−h) − 1) D
        return blend(to.sigma / from.sigma, sample, -to.alpha * Math.expm1(-h), drift)
      }
      // Section 5, eq. 18: x_t = (σ_t / σ_s) e^(−h) x_s + α_t (1 − e^(−2h)) D + σ_t √(1 − e^(−2h)) z
      const renewed = -Math.expm1(-2 * h)
      const kept = (to.sigma / from.sigma) * Math.exp(-h)
      const moved = blend(kept, sample, to.alpha * renewed, drift)
      return blend(1, moved, to.sigma * Math.sqrt(renewed), noise(sample.length))
    },
  }
}
