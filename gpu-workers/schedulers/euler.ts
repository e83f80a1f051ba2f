/** Euler: the first-order solver of the probability-flow ODE, EDM (Karras et al., arXiv:2206.00364), alg. 2, no churn. */
import {
  alphasCumprod,
  karrasSigmas,
  sigmaAt,
  sigmasOf,
  spacedTimesteps,
  timeOf,
  type NoiseScheduleConfig,
} from './noise-schedule.ts'
import { blend, scale, type Scheduler } from './scheduler.ts'
import { originalFactors } from './sigma-prediction.ts'

/** An Euler run of `steps` steps. Defaults are diffusers' `EulerDiscreteScheduler`. */
export function createEuler(config: NoiseScheduleConfig, steps: number): Scheduler {
  const trainedSigmas = sigmasOf(alphasCumprod(config), config)
  const spacing = config.timestep_spacing ?? 'linspace'
  const karras = config.use_karras_sigmas ? karrasSigmas(trainedSigmas, steps) : undefined
  const timesteps =
    karras?.map((sigma) => timeOf(sigma, trainedSigmas)) ?? spacedTimesteps(spacing, steps, config)
  const sigmas = Float32Array.from([...(karras ?? timesteps.map((t) => sigmaAt(t, trainedSigmas))), 0])
  const largest = Math.max(...sigmas)

  return {
    timesteps,
    order: 1,
    initNoiseSigma: spacing === 'leading' ? Math.sqrt(largest ** 2 + 1) : largest,
    scaleModelInput: (sample, i) => scale(1 / Math.sqrt(sigmas[i]! ** 2 + 1), sample),
    addNoise: (original, noise, i) => blend(1, original, sigmas[i]!, noise),
    step(modelOutput, i, sample) {
      // dx/dσ = (x − x₀) / σ  (eq. 3), one straight line to the next σ.
      const sigma = sigmas[i]!
      const { skip, out } = originalFactors(config.prediction_type, sigma)
      const slope = (sigmas[i + 1]! - sigma) / sigma
      return blend(1 + slope * (1 - skip), sample, -slope * out, modelOutput)
    },
  }
}
