/** How many items go together: long enough that steps between chunks cost little, short enough for others to get a turn. */

/** Before anything is known of how long an item takes. */
export const firstChunk = 8
export const largestChunk = 100
/** Milliseconds that a chunk should take in one activity. */
export const chunkTime = 10_000
/** From one chunk to the next the size grows at most so many times: the first items may have been the easy ones. */
const steepest = 4

export interface LastChunk {
  /** Of the list. */
  items: number
  /** Of the longest of its activities. */
  milliseconds: number
  /** Items of a chunk at most, here. */
  most: number
}

export function nextChunkSize({ items, milliseconds, most }: LastChunk): number {
  const fitting = milliseconds <= 0 ? most : Math.floor((items * chunkTime) / milliseconds)
  return Math.max(1, Math.min(fitting, items * steepest, most))
}
