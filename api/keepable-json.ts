/** Refuses JSON that is well written and still cannot be kept: too deep to walk, or text that PostgreSQL has no way to hold. */

/** A graph needs 5 levels; whoever walks a value by recursion has room for some thousand. */
const deepest = 64

export interface Unkeepable {
  /** Where it lies, as `graph.nodes.0.params`. */
  field: string
  message: string
}

/** The first thing that stands in the way, or null. Walks without recursion, so that depth cannot hurt it. */
export function findUnkeepable(value: unknown): Unkeepable | null {
  const waiting: { value: unknown; path: Path | null; depth: number }[] = [{ value, path: null, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, path, depth } = next
    const reason = depth > deepest ? `It is nested more than ${deepest} levels deep.` : reasonOf(value)
    if (reason) return { field: written(path), message: reason }
    if (typeof value !== 'object' || value === null) continue
    for (const [name, inner] of Object.entries(value)) {
      const keyReason = reasonOf(name)
      if (keyReason) return { field: written(path), message: `A name in it cannot be kept. ${keyReason}` }
      waiting.push({ value: inner, path: { name, above: path }, depth: depth + 1 })
    }
  }
  return null
}

interface Path {
  name: string
  above: Path | null
}

function reasonOf(value: unknown): string | null {
  // JSON writes 1e999, which no number is.
  if (typeof value === 'number' && !Number.isFinite(value)) return 'The number is too large.'
  if (typeof value !== 'string') return null
  if (value.includes('\0')) return 'A text may not have the character U+0000.'
  return /\p{Cs}/u.test(value) ? 'A text has half of a character (a lone surrogate).' : null
}

/** The last levels say enough where there are many. */
function written(path: Path | null): string {
  const names: string[] = []
  for (let at = path; at && names.length < 8; at = at.above) names.unshift(at.name.slice(0, 64))
  return names.join('.')
}
