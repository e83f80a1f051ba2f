/** Looks at a photo and says which phrases fit it, and a prompt made of them. */
import { setImmediate } from 'node:timers/promises'
import type { SuggestMode } from '@defect-studio/nodes'
import { StudioError } from '@defect-studio/nodes'
import type { RgbImage } from '../images/raster.ts'
import { composePrompt, type RankedPhrase } from './compose-prompt.ts'
import type { Direction, DualEncoder } from './dual-encoder.ts'
import type { EmbeddingShelf } from './embedding-shelf.ts'
import { readPhrases, shippedPhrases } from './phrase-list.ts'

export type SuggestOrder = {
  mode: SuggestMode
  /** What the prompt begins with; empty: what the model sees. */
  caption: string
  /** Phrases in the prompt at most, 1 … 32. */
  count: number
  /** The person's own phrases as text; empty: the model's, or those that come with the product. */
  phrases: string
  signal?: AbortSignal | undefined
  onStep?: ((step: number, total: number) => void) | undefined
}

export type Suggestion = {
  prompt: string
  /** Every phrase with its cosine, the best first. */
  ranked: RankedPhrase[]
}

/** @param digest of the model, under which its phrases are remembered. */
export async function suggestPrompts(
  model: DualEncoder,
  digest: string,
  shelf: EmbeddingShelf,
  photo: RgbImage,
  { mode, caption, count, phrases, signal, onStep = () => {} }: SuggestOrder,
): Promise<Suggestion> {
  const list = phrases.trim() === '' ? (model.phrases ?? shippedPhrases) : readPhrases(phrases)
  const entries = Object.entries(list).flatMap(([category, own]) =>
    [...new Set(own)].map((phrase) => ({ category, phrase })),
  )
  const pause = async (step: number, total: number) => {
    onStep(step, total)
    // A session holds its thread: only here can anybody be heard.
    await setImmediate()
    signal?.throwIfAborted()
  }
  const seen = await model.embedPhoto(photo)
  const texts = entries.map(({ phrase }) => phrase)
  const directions = await shelf.embed(model, digest, texts, (done) => pause(done, texts.length))
  const ranked = entries
    .map((entry, i) => ({ ...entry, score: cosine(seen, directions[i]!) }))
    .toSorted((a, b) => b.score - a.score)
  const prompt = await composePrompt(mode, caption.trim(), {
    ranked,
    list,
    count,
    fits: model.fits,
    score: async (prompts) =>
      Float32Array.from(await model.embedTexts(prompts), (direction) => cosine(seen, direction)),
    onPhrase: pause,
  })
  onStep(1, 1)
  return { prompt, ranked }
}

function cosine(a: Direction, b: Direction): number {
  if (a.length !== b.length) {
    throw new StudioError(
      'model-broken',
      `The picture's vector has ${a.length} numbers and the text's ${b.length}: these two encoders do not belong together.`,
    )
  }
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}
