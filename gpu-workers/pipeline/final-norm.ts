/** Learns a text encoder's final layer norm from what it does, for exports that keep the layers and not the norm. */
import { StudioError } from '@defect-studio/nodes'
import type { Tensor } from '../runtime/tensor.ts'

/** Applies the norm to hidden states [1, tokens, features]. */
export type FinalNorm = (hidden: Tensor) => Tensor

// What every CLIP text encoder has as `layer_norm_eps`.
const EPSILON = 1e-5
/** Measured 1e-6 in single precision; half precision leaves about 1e-3. Another function than a norm leaves tenths. */
const MOST_RESIDUAL = 0.01

/**
 * A layer norm is y = γ · x̂ + β, where x̂ is x with mean 0 and variance 1 over the features (Ba et al.,
 * arXiv:1607.06450, eq. 4). x̂ is known, so γ and β are the line of least squares through the tokens, per feature.
 *
 * @param before the last layer's hidden states of a text with many different tokens, @param after the same, normed.
 * @throws StudioError 'model-broken' when no layer norm leads from one to the other.
 */
export function learnFinalNorm(before: Tensor, after: Tensor): FinalNorm {
  const [, tokens, features] = before.shape as [number, number, number]
  const x = standardise(before)
  const gamma = new Float64Array(features)
  const beta = new Float64Array(features)
  let residual = 0
  let size = 0
  for (let j = 0; j < features; j++) {
    let [sx, sy, sxx, sxy] = [0, 0, 0, 0]
    for (let t = 0; t < tokens; t++) {
      const [a, b] = [x[t * features + j]!, after.data[t * features + j]!]
      sx += a
      sy += b
      sxx += a * a
      sxy += a * b
    }
    const spread = tokens * sxx - sx * sx
    gamma[j] = spread > 0 ? (tokens * sxy - sx * sy) / spread : 0
    beta[j] = (sy - gamma[j]! * sx) / tokens
    for (let t = 0; t < tokens; t++) {
      const b = after.data[t * features + j]!
      residual += (gamma[j]! * x[t * features + j]! + beta[j]! - b) ** 2
      size += b * b
    }
  }
  if (!(residual <= MOST_RESIDUAL ** 2 * size)) {
    throw new StudioError(
      'model-broken',
      'The hidden layers of this text encoder do not lead to its output by a layer norm. Set clip skip to 1, or convert the original checkpoint again.',
    )
  }
  return (hidden) => {
    const standard = standardise(hidden)
    const data = new Float32Array(standard.length)
    standard.forEach((value, i) => (data[i] = gamma[i % features]! * value + beta[i % features]!))
    return { data, shape: hidden.shape }
  }
}

/** Each token's features with mean 0 and variance 1. */
function standardise({ data, shape }: Tensor): Float64Array {
  const features = shape.at(-1)!
  const out = new Float64Array(data.length)
  for (let from = 0; from < data.length; from += features) {
    const row = data.subarray(from, from + features)
    const mean = row.reduce((sum, value) => sum + value, 0) / features
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / features
    const scale = 1 / Math.sqrt(variance + EPSILON)
    row.forEach((value, i) => (out[from + i] = (value - mean) * scale))
  }
  return out
}
