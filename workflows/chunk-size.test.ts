/** Chunks grow until they take about ten seconds, and never past what may go together. */
import { expect, test } from 'vitest'
import { firstChunk, largestChunk, nextChunkSize } from './chunk-size.ts'

const most = largestChunk

test.each([
  ['work that takes no time', { items: firstChunk, milliseconds: 0, most }, firstChunk * 4],
  ['long chunks stay within the bound', { items: 40, milliseconds: 10, most }, largestChunk],
  ['a second for each item', { items: 8, milliseconds: 8_000, most }, 10],
  ['a minute for each item', { items: 8, milliseconds: 480_000, most }, 1],
  ['a bound of its own', { items: 8, milliseconds: 0, most: 5 }, 5],
])('%s', (_what, last, size) => {
  expect(nextChunkSize(last)).toBe(size)
})
