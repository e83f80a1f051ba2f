/** Reads lists of numbers as people write them: `7, 11`, `1-20`, `0.2-0.8:0.2`. */
import { maxCollectionItems } from '../ports.ts'

export interface NumberBounds {
  min: number
  max: number
  /** Only whole numbers. */
  whole?: boolean
}

export type NumberList = { ok: true; numbers: number[] } | { ok: false; message: string }

/** Longer lists are lists of prompts or files, not something that a person types. */
export const longestNumberList = 5_000

const part = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?)(?::(\d+(?:\.\d+)?))?)?$/

/**
 * Numbers and ranges, parted by commas or spaces; a range goes in steps of 1, or of what follows a colon. Both ends
 * belong to it.
 * @returns an empty list for an empty text.
 */
export function parseNumberList(text: string, { min, max, whole = false }: NumberBounds): NumberList {
  const parts = text
    .replace(/\s*([-:])\s*/g, '$1')
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
  const numbers: number[] = []
  for (const word of parts) {
    const [, first, last, step] = part.exec(word) ?? []
    if (first === undefined)
      return refuse(`"${word.slice(0, 40)}" is no number and no range such as 1-20 or 0.2-0.8:0.2.`)
    const from = Number(first)
    const to = last === undefined ? from : Number(last)
    const by = step === undefined ? 1 : Number(step)
    for (const number of [from, to])
      if (number < min || number > max) return refuse(`${number} lies outside of ${min} … ${max}.`)
    if (whole && ![from, to, by].every(Number.isInteger)) return refuse(`"${word}" is not whole.`)
    if (to < from) return refuse(`The range "${word}" ends before it begins.`)
    if (by <= 0) return refuse(`The range "${word}" has a step of 0.`)
    // A tenth of a step more, because 0.2 + 3 × 0.2 is not quite 0.8.
    const count = Math.floor((to - from) / by + 0.1) + 1
    if (numbers.length + count > maxCollectionItems)
      return refuse(`This list has more than ${maxCollectionItems} numbers.`)
    for (let index = 0; index < count; index++) numbers.push(Number((from + index * by).toFixed(10)))
  }
  return { ok: true, numbers }
}

const refuse = (message: string): NumberList => ({ ok: false, message })
