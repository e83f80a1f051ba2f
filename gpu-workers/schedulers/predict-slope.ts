/** Reads the direction of the probability-flow ODE out of a model's answer, for samplers that count in σ. */
import type { PredictionType } from './noise-schedule.ts'
import { blend } from './scheduler.ts'

/**
 * dx/dσ = (x − x₀) / σ  (EDM, arXiv:2206.00364, eq. 3), with x₀ = skip · x + out · model by EDM's eq. 7 for each thing
 * that a model may predict.
 *
 * @param clip x₀ is held to −clip … clip.
 */
export function predictSlope(
  prediction: PredictionType,
  sigma: number,
  modelOutput: Float32Array,
  sample: Float32Array,
  clip = Infinity,
): Float32Array {
  const { skip, out } = originalFactors(prediction, sigma)
  if (clip === Infinity) return blend((1 - skip) / sigma, sample, -out / sigma, modelOutput)
  const original = blend(skip, sample, out, modelOutput).map((x) => Math.min(Math.max(x, -clip), clip))
  return blend(1 / sigma, sample, -1 / sigma, original)
}

function originalFactors(prediction: PredictionType, sigma: number): { skip: number; out: number } {
  if (prediction === 'epsilon') return { skip: 1, out: -sigma }
  if (prediction === 'v_prediction')
    return { skip: 1 / (sigma ** 2 + 1), out: -sigma / Math.sqrt(sigma ** 2 + 1) }
  return { skip: 0, out: 1 }
}
