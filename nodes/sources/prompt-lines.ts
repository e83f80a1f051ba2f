/** Reads lists of prompts: one line is one prompt, and `{a|b}` in a line stands for each of the two. */
import { maxPromptLength } from '../params.ts'
import { maxCollectionItems } from '../ports.ts'

/** 250 prompts of the greatest length, or ten thousand of fifty characters. */
export const longestPromptList = 500_000

export type PromptLines = { ok: true; prompts: string[] } | { ok: false; message: string }

const choice = /\{([^{}]*\|[^{}]*)\}/

/** @param alternatives whether `{a|b}` stands for a choice; otherwise brackets stay as they are. */
export function parsePromptLines(text: string, alternatives: boolean): PromptLines {
  const prompts: string[] = []
  const lines = text.split(/\r\n?|\n/)
  for (const [index, line] of lines.entries()) {
    const trimmed = line.trim()
    if (trimmed === '') continue
    const parts = alternatives ? choicesOf(trimmed) : [[trimmed]]
    const count = parts.reduce((product, options) => product * options.length, 1)
    if (prompts.length + count > maxCollectionItems)
      return { ok: false, message: `This list stands for more than ${maxCollectionItems} prompts.` }
    const longest = parts.reduce((sum, options) => sum + Math.max(...options.map((one) => one.length)), 0)
    if (longest > maxPromptLength)
      return {
        ok: false,
        message: `Line ${index + 1} is too long: a prompt may have ${maxPromptLength} characters.`,
      }
    for (let number = 0; number < count; number++) prompts.push(pick(parts, number, count))
  }
  return { ok: true, prompts }
}

/** `a {b|c} d` as the options at each place: `['a ']`, `['b', 'c']`, `[' d']`. */
function choicesOf(line: string): string[][] {
  // Splitting by a pattern with a group puts what the group matched at every second place.
  return line.split(choice).map((part, place) => (place % 2 === 1 ? part.split('|') : [part]))
}

/** The combination with this number; the last choice changes first. */
function pick(parts: readonly string[][], number: number, count: number): string {
  let size = count
  let rest = number
  return parts
    .map((options) => {
      size /= options.length
      const at = Math.floor(rest / size)
      rest -= at * size
      return options[at] ?? ''
    })
    .join('')
    .trim()
}
