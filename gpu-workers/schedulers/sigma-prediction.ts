/** Reads the clean picture out of a model's answer, for samplers that count in σ with the sample x = x₀ + σ ε. */
import type { PredictionType } from './noise-schedule.ts'

/**
 * Predicted x₀ = skip · x + out · model, the factors of EDM (arXiv:2206.00364), eq. 7, for each thing a model may
 * predict.
 */
export function originalFactors(prediction: PredictionType, sigma: number): { skip: number; out: number } {
  if (prediction === 'epsilon') return { skip: 1, out: -sigma }
  if (prediction === 'v_prediction')
    return { skip: 1 / (sigma ** 2 + 1), out: -sigma / Math.sqrt(sigma ** 2 + 1) }
  return { skip: 0, out: 1 }
}
