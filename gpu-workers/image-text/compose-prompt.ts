/**
 * Makes a prompt out of the phrases that fit a photo, in four ways. What the modes mean is taken from the package
 * clip-interrogator 0.6 (interrogate_fast, _classic, _negative, interrogate); the words are our own.
 */
import type { SuggestMode } from '@defect-studio/nodes'
import { negativeCategory, type PhraseList } from './phrase-list.ts'

export type RankedPhrase = { category: string; phrase: string; /** Cosine, −1 … 1. */ score: number }

export type Composer = {
  /** All phrases of the list, the best first. */
  ranked: readonly RankedPhrase[]
  list: PhraseList
  /** Cosines of whole prompts with the photo. */
  score: (texts: readonly string[]) => Promise<Float32Array>
  fits: (text: string) => boolean
  /** Phrases in a prompt at most. */
  count: number
  /** Told after each phrase that was chosen; throws when nobody waits any more. */
  onPhrase: (done: number, total: number) => Promise<void>
}

// So many of the best phrases are tried at each link of a chain: later ones hardly ever win, and each costs a text.
const CANDIDATES = 48
// A chain goes on so far even where a phrase does not help at once.
const LEAST_LINKS = 3

/** @param caption what the prompt begins with; empty for the photo's own best material and defect. */
export async function composePrompt(mode: SuggestMode, caption: string, given: Composer): Promise<string> {
  const own = given.ranked.filter(({ category }) => category !== negativeCategory)
  if (mode === 'negative') return negative(given, own)
  const start = caption || describe(own)
  if (mode === 'fast') return fast(start, given, own)
  if (mode === 'classic') return classic(start, given, own)
  const best = await chain(
    given,
    own.flatMap(({ phrase }) => (start.includes(phrase) ? [] : phrase)).slice(0, CANDIDATES),
    start,
    1,
  )
  const candidates = [start, classic(start, given, own), fast(start, given, own), best]
  const scores = await given.score(candidates)
  return candidates[scores.indexOf(Math.max(...scores))]!
}

/** The best phrases of all categories after the caption. */
function fast(start: string, { fits, count }: Composer, own: readonly RankedPhrase[]): string {
  return untilFull(start, own, fits, count)
}

/** A sentence of fixed form: the best of each category, in the list's order. */
function classic(start: string, { list, fits, count }: Composer, own: readonly RankedPhrase[]): string {
  const firsts = Object.keys(list).flatMap((category) => own.find((each) => each.category === category) ?? [])
  return untilFull(start, firsts, fits, count)
}

/** What the photo is least like: for a negative prompt. */
async function negative(given: Composer, own: readonly RankedPhrase[]): Promise<string> {
  const least = own
    .toReversed()
    .slice(0, CANDIDATES)
    .map(({ phrase }) => phrase)
  return chain(given, [...new Set([...least, ...(given.list[negativeCategory] ?? [])])], '', -1)
}

/** One phrase after the other, each the one that brings the whole prompt closest (sign 1) or farthest (−1). */
async function chain(given: Composer, phrases: string[], start: string, sign: 1 | -1): Promise<string> {
  const left = new Set(phrases)
  let current = start
  let [best, bestScore, currentScore] = [start, -Infinity, -Infinity]
  if (start !== '') bestScore = currentScore = sign * (await given.score([start]))[0]!
  for (let link = 0; link < given.count && left.size > 0; link++) {
    await given.onPhrase(link, given.count)
    const tried = [...left]
    const whole = tried.map((phrase) => (current === '' ? phrase : `${current}, ${phrase}`))
    const scores = (await given.score(whole)).map((score) => sign * score)
    const at = scores.indexOf(Math.max(...scores))
    if (!given.fits(whole[at]!)) break
    if (scores[at]! > bestScore) [best, bestScore] = [whole[at]!, scores[at]!]
    if (scores[at]! <= currentScore && link >= LEAST_LINKS) break
    ;[current, currentScore] = [whole[at]!, scores[at]!]
    left.delete(tried[at]!)
  }
  return best
}

/** The best material, with the best defect. */
function describe(own: readonly RankedPhrase[]): string {
  const bestOf = (category: string) => own.find((each) => each.category === category)?.phrase
  const material = bestOf('material') ?? own[0]?.phrase ?? ''
  const defect = bestOf('defect')
  if (defect === undefined || defect === material) return material
  return /^(with|without|no|flawless|clean)\b/.test(defect)
    ? `${material}, ${defect}`
    : `${material} with ${defect}`
}

/** Phrases that the prompt does not have yet, up to `count`, as long as the encoder reads all of it. */
function untilFull(
  start: string,
  phrases: readonly RankedPhrase[],
  fits: (text: string) => boolean,
  count: number,
): string {
  let prompt = start
  let added = 0
  for (const { phrase } of phrases) {
    if (added === count) break
    if (prompt.includes(phrase)) continue
    const longer = prompt === '' ? phrase : `${prompt}, ${phrase}`
    if (!fits(longer)) break
    prompt = longer
    added++
  }
  return prompt
}
