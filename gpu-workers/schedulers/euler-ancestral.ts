/** Euler a: Euler that steps too far down and adds fresh noise back, as "ancestral" sampling of DDPM (arXiv:2006.11239). */
import {
  alphasCumprod,
  sigmaAt,
  sigmasOf,
  spacedTimesteps,
  type NoiseScheduleConfig,
} from './noise-schedule.ts'
import { blend, scale, type Scheduler } from './scheduler.ts'
import { originalFactors } from './sigma-prediction.ts'

/** An Euler a run of `steps` steps. Defaults are diffusers' `EulerAncestralDiscreteScheduler`. */
export function createEulerAncestral(config: NoiseScheduleConfig, steps: number): Scheduler {
  const trainedSigmas = sigmasOf(alphasCumprod(config), config)
  const spacing = config.timestep_spacing ?? 'linspace'
  const timesteps = spacedTimesteps(spacing, steps, config)
  const sigmas = Float32Array.from([...timesteps.map((t) => sigmaAt(t, trainedSigmas)), 0])
  const largest = Math.max(...sigmas)

  return {
    timesteps,
    order: 1,
    initNoiseSigma: spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
    scaleModelInput: (sample, i) => scale(1 / Math.sqrt(sigmas[i]! ** 2 + 1), sample),
    addNoise: (original, noise, i) => blend(1, original, sigmas[i]!, noise),
    step(modelOutput, i, sample, noise) {
      // σ_up² = σ_to² (σ_from² − σ_to²) / σ_from² is the variance of DDPM's reverse step (eq. 7 there, in terms of σ);
      // σ_down² = σ_to² − σ_up² is what the ODE step must reach for the sum to have σ_to.
      const from = sigmas[i]!
      const to = sigmas[i + 1]!
      const up = Math.sqrt((to ** 2 * (from ** 2 - to ** 2)) / from ** 2)
      const down = Math.sqrt(Math.max(to ** 2 - up ** 2, 0))
      const { skip, out } = originalFactors(config.prediction_type, from)
      const slope = (down - from) / from
      const moved = blend(1 + slope * (1 - skip), sample, -slope * out, modelOutput)
      // Drawn in the last step too, where up = 0, so that the stream of numbers stays in step with the reference.
      return blend(1, moved, up, noise(sample.length))
    },
  }
}
