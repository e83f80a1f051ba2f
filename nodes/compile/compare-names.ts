/** Says which names two collections do not share: pairs stay in step by name, or the run does not start. */
import type { NameList } from './name-list.ts'

export interface Strays {
  /** The first of those that are on this side alone, and how many there are. */
  left: { names: string[]; count: number }
  right: { names: string[]; count: number }
  /** Whether any name is on both sides. */
  shares: boolean
}

/** So many names are spelt out in one message; the rest is counted. */
const namesShown = 5

export type CompareNames = (left: NameList, right: NameList) => Strays | null

/** Compares, and remembers: the same two collections may meet at many nodes. Null: the same, or nobody can know. */
export function createCompareNames(): CompareNames {
  const known = new Map<string, Strays | null>()
  return (left, right) => {
    if (left.key === right.key) return null
    const pair = JSON.stringify([left.key, right.key])
    const before = known.get(pair)
    if (before !== undefined) return before
    const found = compare(left, right)
    known.set(pair, found)
    return found
  }
}

function compare(left: NameList, right: NameList): Strays | null {
  const ours = left.spell()
  const theirs = right.spell()
  if (!ours || !theirs) return null
  const ourKeys = keyedByOrder(ours)
  const theirKeys = keyedByOrder(theirs)
  const strays = {
    left: straysOf(ourKeys, theirKeys),
    right: straysOf(theirKeys, ourKeys),
    shares: [...ourKeys.keys()].some((key) => theirKeys.has(key)),
  }
  return strays.left.count + strays.right.count > 0 ? strays : null
}

/** Two items of one name are told apart by their order: `a.png` and the second `a.png`. */
function keyedByOrder(names: readonly string[]): Map<string, string> {
  const seen = new Map<string, number>()
  return new Map(
    names.map((name) => {
      const count = (seen.get(name) ?? 0) + 1
      seen.set(name, count)
      return [`${count}:${name}`, name]
    }),
  )
}

function straysOf(ours: ReadonlyMap<string, string>, theirs: ReadonlyMap<string, string>): Strays['left'] {
  const names: string[] = []
  let count = 0
  for (const [key, name] of ours) {
    if (theirs.has(key)) continue
    count += 1
    if (names.length < namesShown) names.push(name)
  }
  return { names, count }
}

/** In words, for people: `only on "image": "a.png" and 3 more; only on "mask": "b.png"`. */
export function describeStrays(
  sides: readonly { port: string; names: readonly string[]; count: number }[],
): string {
  return sides
    .filter(({ count }) => count > 0)
    .map(({ port, names, count }) => {
      const shown = names.slice(0, namesShown).map((name) => `"${name}"`)
      const rest = count - shown.length
      return `only on "${port}": ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
    })
    .join('; ')
}
