/** Patterns of file names: * is any number of characters, ? is one. */

/**
 * Greedy, with one place to come back to: at most (length of text) × (length of pattern) steps, each of which is
 * counted through `step`, which may throw.
 */
export function matchesGlob(text: string, pattern: string, step: (steps: number) => void): boolean {
  const characters = [...text]
  const signs = [...pattern]
  step(characters.length + signs.length)
  let at = 0
  let sign = 0
  let star = -1
  let starAt = 0
  while (at < characters.length) {
    step(1)
    if (signs[sign] === '*') {
      star = sign++
      starAt = at
    } else if (sign < signs.length && (signs[sign] === '?' || signs[sign] === characters[at])) {
      sign++
      at++
    } else if (star >= 0) {
      // The last star takes one character more.
      sign = star + 1
      at = ++starAt
    } else return false
  }
  while (signs[sign] === '*') sign++
  return sign === signs.length
}
