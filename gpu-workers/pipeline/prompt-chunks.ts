/** Parts a prompt into what a text encoder reads at once, each token with its weight, and tells what did not fit. */
import { readPromptWeights, type WeightedText } from './prompt-weights.ts'
import type { Tokenizer } from './tokenizer.ts'

/** One reading of the text encoder: `maxLength` ids, marks and padding included, and a weight for each. */
export type PromptChunk = { ids: number[]; weights: number[] }

/**
 * Chunks of up to `maxLength` − 2 tokens, one at least. `BREAK` in capitals begins the next one.
 *
 * @param inParts false: the first chunk alone counts, the rest is cut.
 */
export function chunkPrompt(
  prompt: string,
  tokenizer: Tokenizer,
  inParts: boolean,
): { chunks: PromptChunk[]; notes: string[] } {
  const { stretches, notes } = readPromptWeights(prompt)
  const room = tokenizer.maxLength - 2
  const sections = sectionsOf(stretches, inParts).map((section) => weighTokens(section, tokenizer))
  const rows = sections.flatMap((tokens) =>
    Array.from({ length: Math.max(1, Math.ceil(tokens.length / room)) }, (_, i) =>
      tokens.slice(i * room, (i + 1) * room),
    ),
  )
  const read = inParts ? rows : rows.slice(0, 1)
  const chunks = read.map((tokens) => {
    const ids = tokenizer.frame(tokens.map(({ id }) => id))
    const weights = ids.map((_, i) => tokens[i - 1]?.weight ?? 1)
    return { ids, weights }
  })
  if (rows.length === 1) return { chunks, notes }
  const count = rows.reduce((sum, row) => sum + row.length, 0)
  const long = `The prompt "${shortened(prompt, 40)}" has ${count} tokens`
  const lost = tokenizer.decode(rows.slice(read.length).flatMap((row) => row.map(({ id }) => id)))
  const told = inParts
    ? `${long}; it is read in ${rows.length} parts of ${room}.`
    : `${long}; the model reads the first ${room} and not "${shortened(lost, 120)}".`
  return { chunks, notes: [...notes, told] }
}

/** Split where `BREAK` stands; where there is one chunk only, it is no more than a space. */
function sectionsOf(stretches: readonly WeightedText[], inParts: boolean): WeightedText[][] {
  const sections: WeightedText[][] = [[]]
  for (const { text, weight } of stretches) {
    const [first, ...rest] = text.split(/(?<![\p{L}\p{N}_])BREAK(?![\p{L}\p{N}_])/u)
    sections.at(-1)!.push({ text: first!, weight })
    for (const after of rest) {
      if (inParts) sections.push([{ text: after, weight }])
      else sections.at(-1)!.push({ text: after, weight })
    }
  }
  return sections
}

function weighTokens(
  stretches: readonly WeightedText[],
  tokenizer: Tokenizer,
): { id: number; weight: number }[] {
  return stretches.flatMap(({ text, weight }) => tokenizer.encode(text).map((id) => ({ id, weight })))
}

function shortened(text: string, most: number): string {
  const letters = [...text]
  return letters.length <= most ? text : `${letters.slice(0, most).join('').trim()}…`
}
