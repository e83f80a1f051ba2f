/** Gives what is in one list names of its own: pairs of lists meet by name, and files are saved under it. */

const longestName = 255

/**
 * A name that comes again gets a number that is free, `part.png` → `part (2).png`. Without regard to case: what is made
 * of the list may be saved on a file system that has none.
 */
export function withUniqueNames<T extends { name: string }>(items: readonly T[]): T[] {
  const given = new Set(items.map(({ name }) => name.toLowerCase()))
  const taken = new Set<string>()
  // Where the search for a free number goes on: 100,000 times one name must not be searched from 2 each.
  const nextNumber = new Map<string, number>()
  return items.map((item) => {
    const wanted = item.name.toLowerCase()
    if (!taken.has(wanted)) {
      taken.add(wanted)
      return item
    }
    let number = nextNumber.get(wanted) ?? 2
    let name = numbered(item.name, number)
    while (taken.has(name.toLowerCase()) || given.has(name.toLowerCase()))
      name = numbered(item.name, ++number)
    nextNumber.set(wanted, number + 1)
    taken.add(name.toLowerCase())
    return { ...item, name }
  })
}

function numbered(name: string, number: number): string {
  const dot = name.lastIndexOf('.')
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, '']
  const suffix = ` (${number})${ending}`
  return `${stem.slice(0, longestName - suffix.length)}${suffix}`
}
