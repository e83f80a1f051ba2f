/** Which output of a text encoder gives the hidden states that clip skip asks for. */
import { StudioError } from '@defect-studio/nodes'
import type { TensorSpec } from '../runtime/tensor.ts'

/** `norm`: the encoder's final layer norm still has to be applied, as diffusers does after skipping. */
export type LayerOutput = { output: string; norm: boolean }

const LAYER = /^(normed_)?hidden_states\.(\d+)$/

/**
 * Layer outputs are named as exporters name them: `hidden_states.0` (the embeddings) … `hidden_states.L` (the last
 * layer), and `normed_hidden_states.N` with the final layer norm in the graph. clip skip k reads layer L + 1 − k, which
 * is diffusers' `clip_skip` k − 1.
 *
 * @param last the output that serves without skipping.
 * @throws StudioError 'invalid-input' when the encoder does not give that layer, with how to get one that does.
 */
export function findLayerOutput(outputs: readonly TensorSpec[], last: string, clipSkip: number): LayerOutput {
  if (clipSkip === 1) return { output: last, norm: false }
  const depth = countLayers(outputs)
  if (depth === 0) {
    throw new StudioError(
      'invalid-input',
      `Clip skip ${clipSkip} needs a text encoder that gives its hidden layers, and this model's gives the last alone. ` +
        'Set clip skip to 1, or convert the original checkpoint with "npm run studio -- models add FOLDER", which keeps them.',
    )
  }
  const wanted = depth + 1 - clipSkip
  const names = outputs.map(({ name }) => name)
  const normed = `normed_hidden_states.${wanted}`
  if (wanted >= 1 && names.includes(normed)) return { output: normed, norm: false }
  const raw = `hidden_states.${wanted}`
  if (wanted >= 1 && names.includes(raw)) return { output: raw, norm: true }
  throw new StudioError(
    'invalid-input',
    `Clip skip ${clipSkip} goes too far: this model's text encoder gives ${depth} layers. Choose 1 … ${depth}.`,
  )
}

/** How many layers the outputs tell of; 0 when none is named. */
export function countLayers(outputs: readonly TensorSpec[]): number {
  return Math.max(0, ...outputs.map(({ name }) => Number(LAYER.exec(name)?.[2] ?? 0)))
}
