/** A mask can be drawn with the keyboard alone. */
import { expect, it } from 'vitest'
import { moveCrosshair } from './keyboard-hand.ts'

const photo = { width: 400, height: 300 }

it('begins in the middle, moves by a fortieth or by one pixel, and stays inside', () => {
  const middle = moveCrosshair(null, 'ArrowLeft', false, photo)
  expect(middle).toEqual({ x: 200, y: 150 })
  expect(moveCrosshair(middle, 'ArrowLeft', false, photo)).toEqual({ x: 190, y: 150 })
  expect(moveCrosshair(middle, 'ArrowDown', true, photo)).toEqual({ x: 200, y: 151 })
  expect(moveCrosshair({ x: 395, y: 2 }, 'ArrowRight', false, photo)).toEqual({ x: 400, y: 2 })
  expect(moveCrosshair({ x: 395, y: 2 }, 'ArrowUp', false, photo)).toEqual({ x: 395, y: 0 })
})

it('leaves other keys alone', () => {
  expect(moveCrosshair(null, 'Enter', false, photo)).toBeNull()
})
