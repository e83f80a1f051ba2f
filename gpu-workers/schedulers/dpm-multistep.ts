/** DPM++ 2M: the second-order multistep solver of "DPM-Solver++", Lu et al., arXiv:2211.01095, alg. 2. */
import {
  alphasCumprod,
  karrasSigmas,
  linspace,
  roundHalfEven,
  sigmaAt,
  sigmasOf,
  spacedTimesteps,
  timeOf,
  type NoiseScheduleConfig,
} from './noise-schedule.ts'
import { blend, type Scheduler } from './scheduler.ts'

/**
 * A DPM++ 2M run of `steps` steps: order 2, midpoint, the last step of order 1. Defaults are diffusers'
 * `DPMSolverMultistepScheduler`; `use_karras_sigmas` in the config gives the Karras variant.
 */
export function createDpmMultistep(config: NoiseScheduleConfig, steps: number): Scheduler {
  const trainedSigmas = sigmasOf(alphasCumprod(config), config)
  const karras = config.use_karras_sigmas ? karrasSigmas(trainedSigmas, steps) : undefined
  const timesteps = (karras?.map((sigma) => timeOf(sigma, trainedSigmas)) ?? times(config, steps)).map(
    roundHalfEven,
  )
  const sigmas = Float32Array.from([...(karras ?? timesteps.map((t) => sigmaAt(t, trainedSigmas))), 0])
  let previousOriginal: Float32Array | undefined

  return {
    timesteps,
    order: 1,
    initNoiseSigma: 1,
    scaleModelInput: (sample) => sample,
    addNoise(original, noise, i) {
      const { alpha, sigma } = noiseLevel(sigmas[i]!)
      return blend(alpha, original, sigma, noise)
    },
    step(modelOutput, i, sample) {
      const original = predictOriginal(config, sigmas[i]!, modelOutput, sample)
      const from = noiseLevel(sigmas[i]!)
      const to = noiseLevel(sigmas[i + 1]!)
      const h = to.lambda - from.lambda
      const decay = to.alpha * Math.expm1(-h)
      let drift = original
      if (previousOriginal && i < steps - 1) {
        // Alg. 2, line 7: D = (1 + 1/(2r)) x₀ − 1/(2r) x₀ of the step before, r = h_before / h.
        const r = (from.lambda - noiseLevel(sigmas[i - 1]!).lambda) / h
        drift = blend(1 + 0.5 / r, original, -0.5 / r, previousOriginal)
      }
      previousOriginal = original
      // Line 8: x_t = (σ_t / σ_s) x_s − α_t (e^(−h) − 1) D
      return blend(to.sigma / from.sigma, sample, -decay, drift)
    },
  }
}

/** DPM-Solver places its times between `steps + 1` marks and leaves out the last, unlike DDIM and Euler. */
function times(config: NoiseScheduleConfig, steps: number): number[] {
  const trained = config.num_train_timesteps
  const spacing = config.timestep_spacing ?? 'linspace'
  if (spacing === 'trailing') return spacedTimesteps(spacing, steps, config)
  if (spacing === 'linspace')
    return linspace(0, trained - 1, steps + 1)
      .reverse()
      .slice(0, -1)
  const ratio = Math.floor(trained / (steps + 1))
  return Array.from({ length: steps }, (_, i) => (steps - i) * ratio + config.steps_offset)
}

/** α_t, σ_t with α² + σ² = 1 and λ = ln(α/σ), from the ratio σ/α. */
function noiseLevel(ratio: number): { alpha: number; sigma: number; lambda: number } {
  const alpha = 1 / Math.sqrt(ratio ** 2 + 1)
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) }
}

function predictOriginal(
  config: NoiseScheduleConfig,
  ratio: number,
  modelOutput: Float32Array,
  sample: Float32Array,
): Float32Array {
  const { alpha, sigma } = noiseLevel(ratio)
  if (config.prediction_type === 'epsilon') return blend(1 / alpha, sample, -sigma / alpha, modelOutput)
  if (config.prediction_type === 'v_prediction') return blend(alpha, sample, -sigma, modelOutput)
  return modelOutput
}
