/** Makes single tokens count more or less: the way of A1111's web UI, for which prompts on the web are written. */
import type { Tensor } from '../runtime/tensor.ts'

/**
 * Multiplies each token's hidden state by its weight and scales all of them so that their mean stays what it was, since
 * the UNet knows conditionings of that mean only. With all weights 1 the tensor comes back as it is, bit for bit.
 *
 * @param hidden [1, tokens, features].
 * @param weights one for each token.
 */
export function weighHiddenStates(hidden: Tensor, weights: readonly number[]): Tensor {
  if (weights.every((weight) => weight === 1)) return hidden
  const features = hidden.data.length / weights.length
  const data = hidden.data.map((value, i) => value * weights[Math.floor(i / features)]!)
  const ratio = mean(hidden.data) / mean(data)
  // Weights of opposite signs can bring the mean to nothing or turn it over; then there is nothing to restore.
  if (Number.isFinite(ratio) && ratio > 0) data.forEach((value, i) => (data[i] = value * ratio))
  return { data, shape: hidden.shape }
}

function mean(values: Float32Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
