/** Arrow keys stay within the grid. */
import { expect, it } from 'vitest'
import { nextTile } from './next-tile.ts'

it.each([
  ['ArrowRight', 0, 1],
  ['ArrowRight', 6, 6],
  ['ArrowLeft', 0, 0],
  ['ArrowDown', 1, 4],
  ['ArrowDown', 5, 6],
  ['ArrowUp', 4, 1],
  ['ArrowUp', 2, 0],
  ['Home', 5, 0],
  ['End', 1, 6],
  ['a', 3, null],
  ['toString', 3, null],
])('%s goes from tile %i of seven in rows of three to %s', (key, from, to) => {
  expect(nextTile(key, from, 7, 3)).toBe(to)
  expect(nextTile(key, 0, 0, 3)).toBeNull()
})
