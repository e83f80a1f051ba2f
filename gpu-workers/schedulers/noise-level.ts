/** The variance-preserving view x = α x₀ + σ ε with α² + σ² = 1, for the samplers that count in λ = ln(α/σ). */
import type { NoiseScheduleConfig } from './noise-schedule.ts'
import { blend } from './scheduler.ts'
import { karrasSigmas, sigmaAt, timeOf, trainedSigmas } from './sigmas.ts'
import { roundHalfEven } from './timesteps.ts'

export type NoiseLevel = { alpha: number; sigma: number; lambda: number }

/** @param ratio σ/α, from 0 (λ is infinite). */
export function noiseLevel(ratio: number): NoiseLevel {
  const alpha = 1 / Math.sqrt(ratio ** 2 + 1)
  return { alpha, sigma: ratio * alpha, lambda: -Math.log(ratio) }
}

/**
 * The whole times of a run and its `times.length + 1` noise levels, the last one where the picture is clean.
 *
 * @param times from high to low; with `karras` only their count matters.
 * @param whole makes whole numbers of times that come from σ.
 */
export function preservingSchedule(
  config: NoiseScheduleConfig,
  times: number[],
  karras: boolean,
  whole = roundHalfEven,
): { timesteps: number[]; levels: NoiseLevel[] } {
  const trained = trainedSigmas(config)
  const low = trained[0]!
  const high = trained[trained.length - 1]!
  const ratios = karras
    ? karrasSigmas({ low, high }, times.length, config)
    : times.map((t) => sigmaAt(t, trained))
  const last = config.final_sigmas_type === 'sigma_min' ? low : 0
  return {
    timesteps: karras ? ratios.map((ratio) => whole(timeOf(ratio, trained))) : times,
    levels: [...ratios, last].map((ratio) => noiseLevel(Math.fround(ratio))),
  }
}

/** Predicted x₀ from a model's answer: DDPM (arXiv:2006.11239), eq. 4; v as in arXiv:2202.00512, appendix D. */
export function predictOriginal(
  prediction: NoiseScheduleConfig['prediction_type'],
  { alpha, sigma }: Pick<NoiseLevel, 'alpha' | 'sigma'>,
  modelOutput: Float32Array,
  sample: Float32Array,
): Float32Array {
  if (prediction === 'epsilon') return blend(1 / alpha, sample, -sigma / alpha, modelOutput)
  if (prediction === 'v_prediction') return blend(alpha, sample, -sigma, modelOutput)
  return modelOutput
}
