/** Prompts → what the UNet is conditioned on. */
import { StudioError } from '@defect-studio/nodes'
import type { OnnxSession } from '../runtime/session.ts'
import { elementCount, type Feed, type Tensor } from '../runtime/tensor.ts'
import { countLayers, findLayerOutput } from './encoder-layers.ts'
import { learnFinalNorm, type FinalNorm } from './final-norm.ts'
import { chunkPrompt } from './prompt-chunks.ts'
import type { Tokenizer } from './tokenizer.ts'
import { weighHiddenStates } from './weigh-hidden-states.ts'

export type TextEncoder = {
  /**
   * A conditioning [1, tokens, features] for each prompt, all with the same number of tokens. A prompt beyond what the
   * encoder reads at once is read in parts, one after the other, when `inParts` says that the UNet takes any number of
   * tokens; else it is cut. `notes` tells either.
   *
   * @param clipSkip 1: the last layer; k: the one k − 1 before it.
   * @throws StudioError 'invalid-input' when the encoder does not give that layer.
   */
  readonly encode: (
    prompts: readonly string[],
    inParts: boolean,
    clipSkip?: number,
  ) => Promise<{ conditionings: Tensor[]; notes: string[] }>
}

/** Many different words, so that every feature of their hidden states varies: the final norm is learnt from them. */
const VARIED =
  'a b c d e f g h i j k l m n o p q r s t u v w x y z 0 1 2 3 4 5 6 7 8 9 rust ! ? # , . - / + ='

export function createTextEncoder(session: OnnxSession, tokenizer: Tokenizer): TextEncoder {
  // 'last_hidden_state' by name where there is one, since a pooled output may come first; else the first of rank 3.
  const last = (
    session.outputs.find((spec) => spec.name === 'last_hidden_state') ??
    session.outputs.find((spec) => spec.shape.length === 3)
  )?.name
  if (last === undefined) {
    throw new StudioError(
      'model-broken',
      'The text encoder has no output of shape [batch, tokens, features].',
    )
  }

  async function run(ids: readonly number[], outputs: string[]): Promise<Tensor[]> {
    const feeds: Record<string, Feed> = {}
    for (const spec of session.inputs) {
      // Stable Diffusion's encoders read the padding too, so a mask, where asked for, is all ones.
      const data = spec.name.includes('mask') ? ids.map(() => 1) : ids
      feeds[spec.name] = { data, shape: [1, ids.length] }
    }
    const results = await session.run(feeds, outputs)
    return outputs.map((name) => results[name]!)
  }

  let finalNorm: FinalNorm | undefined
  const learntNorm = async () => (finalNorm ??= await learnNorm())
  async function learnNorm(): Promise<FinalNorm> {
    const ids = tokenizer.frame(tokenizer.encode(VARIED).slice(0, tokenizer.maxLength - 2))
    const [before, after] = await run(ids, [`hidden_states.${countLayers(session.outputs)}`, last!])
    return learnFinalNorm(before!, after!)
  }

  return {
    async encode(prompts, inParts, clipSkip = 1) {
      const layer = findLayerOutput(session.outputs, last, clipSkip)
      const norm = layer.norm ? await learntNorm() : undefined
      const read = prompts.map((prompt) => chunkPrompt(prompt, tokenizer, inParts))
      const count = Math.max(...read.map(({ chunks }) => chunks.length))
      const [empty] = chunkPrompt('', tokenizer, inParts).chunks
      const conditionings: Tensor[] = []
      for (const { chunks } of read) {
        const parts: Tensor[] = []
        for (let i = 0; i < count; i++) {
          const { ids, weights } = chunks[i] ?? empty!
          const [hidden] = await run(ids, [layer.output])
          parts.push(weighHiddenStates(norm ? norm(hidden!) : hidden!, weights))
        }
        conditionings.push(join(parts))
      }
      return { conditionings, notes: read.flatMap(({ notes }) => notes) }
    },
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
