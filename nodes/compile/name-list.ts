/** The names of a collection, known before anything runs; spelt out only where two of them have to be compared. */
import { numberedName } from '../item-names.ts'

export interface NameList {
  /** Two lists with one key have the same names. */
  readonly key: string
  readonly count: number
  /** Null: nobody can know before it runs; `count` is then the most. */
  spell(): readonly string[] | null
}

export const knownNames = (key: string, names: readonly string[]): NameList => ({
  key,
  count: names.length,
  spell: () => names,
})

export const unknownNames = (key: string, most: number): NameList => ({ key, count: most, spell: () => null })

/** What a list becomes when each of its items becomes `fanOut` things. */
export function fannedOut(list: NameList, fanOut: number): NameList {
  if (fanOut === 1) return list
  return {
    key: `${list.key}*${fanOut}`,
    count: list.count * fanOut,
    spell: () =>
      list
        .spell()
        ?.flatMap((name) => Array.from({ length: fanOut }, (_, index) => numberedName(name, index + 1))) ??
      null,
  }
}
