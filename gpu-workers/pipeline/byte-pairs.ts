/** CLIP's byte-pair encoding: text → cleaned words → bytes → merged pieces → ids (Radford et al., arXiv:2103.00020). */

export type BytePairModel = {
  /** Piece → id. */
  readonly ids: ReadonlyMap<string, number>
  /** Id → piece. */
  readonly pieces: ReadonlyMap<number, string>
  /** "left right" → its place in the list of merges; the lowest is merged first. */
  readonly ranks: ReadonlyMap<string, number>
  /** Words met before, kept since prompts repeat them. */
  readonly seen: Map<string, number[]>
}

// CLIP's own split, then GPT-2's, which the reference applies to the parts. \p{White_Space} and not \s: the two differ
// on U+0085 and U+FEFF.
const CLIP_PARTS =
  /<\|startoftext\|>|<\|endoftext\|>|'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\p{White_Space}\p{L}\p{N}]+/gu
const GPT2_PARTS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}+|[^\p{White_Space}\p{L}\p{N}]+/gu
const MOST_WORDS_KEPT = 20_000

/** Ids of a text without start and end marks. Names in `special` inside the text stand for themselves. */
export function encodeBytePairs(
  text: string,
  model: BytePairModel,
  special: ReadonlyMap<string, number>,
): number[] {
  const ids: number[] = []
  for (const part of splitAtSpecial(text, [...special.keys()])) {
    const mark = special.get(part)
    if (mark !== undefined) ids.push(mark)
    else for (const word of words(part)) ids.push(...idsOfWord(word, model))
  }
  return ids
}

/** The text behind ids, as it was cleaned; ids that no piece has are left out. */
export function decodeBytePairs(ids: readonly number[], model: BytePairModel): string {
  const letters = ids.map((id) => (model.pieces.get(id) ?? '').replace('</w>', ' ')).join('')
  const bytes = Array.from(letters, (letter) => BYTES.get(letter) ?? 0x20)
  return Buffer.from(bytes).toString('utf8').trim()
}

function splitAtSpecial(text: string, names: string[]): string[] {
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return text.split(new RegExp(`(${escaped.join('|')})`)).filter((part) => part !== '')
}

function words(text: string): string[] {
  // Letter by letter, since toLowerCase on a whole word bends a final Σ, which the reference does not.
  const clean = Array.from(text.normalize('NFC').replace(/\p{White_Space}+/gu, ' '), (letter) =>
    letter.toLowerCase(),
  ).join('')
  return (clean.match(CLIP_PARTS) ?? []).flatMap((part) => part.match(GPT2_PARTS) ?? [])
}

function idsOfWord(word: string, model: BytePairModel): number[] {
  const known = model.seen.get(word)
  if (known) return known
  const letters = [...Buffer.from(word, 'utf8')].map((byte) => BYTE_LETTERS[byte]!)
  const pieces = mergePieces([...letters.slice(0, -1), `${letters.at(-1)!}</w>`], model.ranks)
  const ids = pieces.map((piece) => {
    const id = model.ids.get(piece)
    if (id === undefined)
      throw new Error(`The tokenizer's vocabulary lacks the piece "${piece}": it is incomplete.`)
    return id
  })
  if (model.seen.size >= MOST_WORDS_KEPT) model.seen.clear()
  model.seen.set(word, ids)
  return ids
}

function mergePieces(pieces: string[], ranks: ReadonlyMap<string, number>): string[] {
  for (;;) {
    let best = Infinity
    let at = -1
    for (let i = 0; i + 1 < pieces.length; i++) {
      const rank = ranks.get(`${pieces[i]!} ${pieces[i + 1]!}`) ?? Infinity
      if (rank < best) [best, at] = [rank, i]
    }
    if (at < 0) return pieces
    pieces.splice(at, 2, pieces[at]! + pieces[at + 1]!)
  }
}

/** A printable letter for each byte, as GPT-2 chose them: printable bytes stand for themselves, the rest from U+0100. */
const BYTE_LETTERS: readonly string[] = (() => {
  const isPrintable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || byte > 173
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : next++))
})()

const BYTES: ReadonlyMap<string, number> = new Map(BYTE_LETTERS.map((letter, byte) => [letter, byte]))
