/** Two model calls a step: what belongs to its beginning and what to its middle, in the order of the calls. */

/** a₀, b₀, a₁, b₁, …, a of the end: the last b is never reached. */
export function interleave(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from({ length: 2 * a.length - 1 }, (_, i) => (i % 2 === 0 ? a : b)[Math.floor(i / 2)]!)
}
