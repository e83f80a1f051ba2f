/** Remembers the directions of phrases by the model that gave them: the same list is read once, photo after photo. */
import type { Direction, DualEncoder } from './dual-encoder.ts'

export type EmbeddingShelf = {
  /** @param digest of the model's folder, so that a model that was replaced is asked anew. */
  readonly embed: (
    model: Pick<DualEncoder, 'embedTexts'>,
    digest: string,
    texts: readonly string[],
    onBatch?: (done: number) => Promise<void>,
  ) => Promise<Direction[]>
}

// 768 floats each with CLIP ViT-L/14: 60 MB.
const MOST_KEPT = 20_000
// Phrases that a model reads between two looks at whether anybody still waits.
const BATCH = 32

export function createEmbeddingShelf(): EmbeddingShelf {
  // A Map keeps insertion order: the oldest goes first.
  const kept = new Map<string, Direction>()
  return {
    async embed(model, digest, texts, onBatch = async () => {}) {
      const keyOf = (text: string) => `${digest} ${text}`
      const wanted = [...new Set(texts.filter((text) => !kept.has(keyOf(text))))]
      // The results are gathered here too: more texts than are kept must not push each other out.
      const fresh = new Map<string, Direction>()
      for (let at = 0; at < wanted.length; at += BATCH) {
        await onBatch(at)
        const batch = wanted.slice(at, at + BATCH)
        const found = await model.embedTexts(batch)
        batch.forEach((text, i) => fresh.set(text, found[i]!))
      }
      const out = texts.map((text) => fresh.get(text) ?? kept.get(keyOf(text))!)
      for (const [text, direction] of fresh) kept.set(keyOf(text), direction)
      for (const key of kept.keys()) {
        if (kept.size <= MOST_KEPT) break
        kept.delete(key)
      }
      return out
    },
  }
}
