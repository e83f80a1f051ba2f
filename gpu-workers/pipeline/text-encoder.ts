/** Prompts → what the UNet is conditioned on. */
import { StudioError } from '@defect-studio/nodes'
import type { OnnxSession } from '../runtime/session.ts'
import { elementCount, type Feed, type Tensor } from '../runtime/tensor.ts'
import type { Tokenizer } from './tokenizer.ts'

export type TextEncoder = {
  /**
   * A conditioning [1, tokens, features] for each prompt, all with the same number of tokens. A prompt beyond what the
   * encoder reads at once is read in parts, one after the other, when `inParts` says that the UNet takes any number of
   * tokens; else it is cut. `notes` tells either.
   */
  readonly encode: (
    prompts: readonly string[],
    inParts: boolean,
  ) => Promise<{ conditionings: Tensor[]; notes: string[] }>
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

  async function encodePart(ids: number[]): Promise<Tensor> {
    const feeds: Record<string, Feed> = {}
    for (const spec of session.inputs) {
      // Stable Diffusion's encoders read the padding too, so a mask, where asked for, is all ones.
      const data = spec.name.includes('mask') ? ids.map(() => 1) : ids
      feeds[spec.name] = { data, shape: [1, ids.length] }
    }
    return (await session.run(feeds, [output!]))[output!]!
  }

  return {
    async encode(prompts, inParts) {
      const parted = prompts.map((prompt) => tokenizer.encodeParts(prompt))
      const count = inParts ? Math.max(...parted.map((parts) => parts.length)) : 1
      const [empty] = tokenizer.encodeParts('')
      const conditionings: Tensor[] = []
      for (const parts of parted) {
        const encoded: Tensor[] = []
        for (let i = 0; i < count; i++) encoded.push(await encodePart(parts[i] ?? empty!))
        conditionings.push(join(encoded))
      }
      return {
        conditionings,
        notes: parted.flatMap((parts, i) => tellLength(prompts[i]!, parts.length, inParts)),
      }
    },
  }

  function tellLength(prompt: string, parts: number, inParts: boolean): string[] {
    if (parts === 1) return []
    const room = tokenizer.maxLength - 2
    const long = `The prompt "${prompt.slice(0, 40).trim()}…" has ${tokenizer.encode(prompt).length} tokens`
    return [
      inParts
        ? `${long}; it is read in ${parts} parts of ${room}.`
        : `${long}; the model reads the first ${room}.`,
    ]
  }
}

/** Tensors [1, tokens, features] joined along the tokens. */
function join(parts: readonly Tensor[]): Tensor {
  const [, tokens, features] = parts[0]!.shape
  const shape = [1, parts.length * tokens!, features!]
  const data = new Float32Array(elementCount(shape))
  parts.forEach((part, i) => data.set(part.data, i * part.data.length))
  return { data, shape }
}
