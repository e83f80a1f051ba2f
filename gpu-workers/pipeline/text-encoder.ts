/** Prompts → what the UNet is conditioned on. */
import { StudioError } from '@defect-studio/nodes'
import type { OnnxSession } from '../runtime/session.ts'
import { elementCount, type Feed, type Tensor } from '../runtime/tensor.ts'
import type { Tokenizer } from './tokenizer.ts'

export type TextEncoder = {
  /** One row of conditioning for each prompt; `notes` tells which prompts were cut. */
  readonly encode: (prompts: readonly string[]) => Promise<{ conditioning: Tensor; notes: string[] }>
}

export function createTextEncoder(session: OnnxSession, tokenizer: Tokenizer): TextEncoder {
  // 'last_hidden_state' by name where there is one, since a pooled output may come first; else the first of rank 3.
  const output = (
    session.outputs.find((spec) => spec.name === 'last_hidden_state') ??
    session.outputs.find((spec) => spec.shape.length === 3)
  )?.name
  if (output === undefined) {
    throw new StudioError(
      'model-broken',
      'The text encoder has no output of shape [batch, tokens, features].',
    )
  }

  async function encodeOne(prompt: string): Promise<{ tensor: Tensor; tokens: number }> {
    const { ids, tokens } = tokenizer.encodePadded(prompt)
    const feeds: Record<string, Feed> = {}
    for (const spec of session.inputs) {
      // Stable Diffusion's encoders read the padding too, so a mask, where asked for, is all ones.
      const data = spec.name.includes('mask') ? ids.map(() => 1) : ids
      feeds[spec.name] = { data, shape: [1, ids.length] }
    }
    return { tensor: (await session.run(feeds, [output!]))[output!]!, tokens }
  }

  return {
    async encode(prompts) {
      const rows: Tensor[] = []
      const notes: string[] = []
      for (const prompt of prompts) {
        const { tensor, tokens } = await encodeOne(prompt)
        rows.push(tensor)
        const room = tokenizer.maxLength - 2
        if (tokens > room) {
          notes.push(
            `The prompt "${prompt.slice(0, 40).trim()}…" has ${tokens} tokens; the model reads the first ${room}.`,
          )
        }
      }
      return { conditioning: stack(rows), notes }
    },
  }
}

/** Tensors of shape [1, …] one after the other, as [n, …]. */
function stack(rows: readonly Tensor[]): Tensor {
  const shape = [rows.length, ...rows[0]!.shape.slice(1)]
  const data = new Float32Array(elementCount(shape))
  rows.forEach((row, i) => data.set(row.data, i * row.data.length))
  return { data, shape }
}
