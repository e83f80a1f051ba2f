/** LCM: a few leaps to the clean picture with fresh noise between, "Latent Consistency Models", Luo et al., arXiv:2310.04378. */
import { StudioError } from '@defect-studio/nodes'
import { predictOriginal } from './noise-level.ts'
import { alphasCumprod, type NoiseScheduleConfig } from './noise-schedule.ts'
import { blend, type Scheduler } from './scheduler.ts'

// σ_data of consistency models (arXiv:2303.01469), appendix C; LCM keeps it.
const SIGMA_DATA = 0.5

/**
 * A run of `steps` steps, meant for models that were distilled for it. Defaults are those of diffusers' `LCMScheduler`.
 *
 * @throws StudioError 'invalid-input' on more steps than the distilling knew (50 unless the checkpoint says otherwise).
 */
export function createLcm(config: NoiseScheduleConfig, steps: number): Scheduler {
  const known = Math.min(config.original_inference_steps, config.num_train_timesteps)
  if (steps > known) {
    throw new StudioError(
      'invalid-input',
      `LCM makes at most ${known} steps with this model; ${steps} were asked. Take fewer, 4 to 8 are usual, or another sampler.`,
    )
  }
  const alphaBars = alphasCumprod(config, { start: 0.00085, end: 0.012, schedule: 'scaled_linear' })
  const timesteps = leapTimes(known, steps, config.num_train_timesteps)
  const levels = timesteps.map((t) => {
    const alphaBar = alphaBars[t]!
    return { alpha: Math.sqrt(alphaBar), sigma: Math.sqrt(1 - alphaBar) }
  })
  const clip = config.clip_sample ? config.clip_sample_range : Infinity

  return {
    timesteps,
    order: 1,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    addNoise: (original, noise, i) => blend(levels[i]!.alpha, original, levels[i]!.sigma, noise),
    step(modelOutput, i, sample, noise) {
      const original = predictOriginal(config.prediction_type, levels[i]!, modelOutput, sample)
      const bounded = clip < Infinity ? original.map((x) => Math.min(Math.max(x, -clip), clip)) : original
      // Eq. 9, with c_skip and c_out of arXiv:2303.01469, appendix C: at t = 0 nothing is left to the model.
      const t = timesteps[i]! * config.timestep_scaling
      const size = t ** 2 + SIGMA_DATA ** 2
      const clean = blend(t / Math.sqrt(size), bounded, SIGMA_DATA ** 2 / size, sample)
      if (i === steps - 1) return clean
      const next = levels[i + 1]!
      return blend(next.alpha, clean, next.sigma, noise(sample.length))
    },
  }
}

/** Of the `known` times of the distilling, `steps` evenly spread ones, from high to low. */
function leapTimes(known: number, steps: number, trained: number): number[] {
  const stride = Math.floor(trained / known)
  return Array.from({ length: steps }, (_, i) => (known - Math.floor((i * known) / steps)) * stride - 1)
}
