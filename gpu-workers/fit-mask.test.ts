/** A mask drawn over a smaller view of the same picture fits; one of another picture is refused with both sizes. */
import { expect, test } from 'vitest'
import { fitMask } from './fit-mask.ts'

const mask = (width: number, height: number, white: number[]) => {
  const data = new Uint8Array(width * height)
  for (const at of white) data[at] = 255
  return { width, height, data }
}

test('a mask of the right size is used as it is', () => {
  const own = mask(4, 2, [1])
  expect(fitMask(own, 4, 2)).toBe(own)
})

test('a smaller mask of the same proportions is stretched and stays black and white', () => {
  const fitted = fitMask(mask(2, 1, [1]), 4, 2)
  expect([...fitted.data]).toEqual([0, 0, 255, 255, 0, 0, 255, 255])
})

test('one pixel of rounding is no other picture', () => {
  expect(fitMask(mask(333, 250, []), 1000, 751)).toMatchObject({ width: 1000, height: 751 })
})

test('a mask of other proportions is refused with both sizes', () => {
  expect(() => fitMask(mask(64, 64, []), 64, 48)).toThrow(/64 × 64 .* 64 × 48/)
})

test('a larger mask shrinks, and a line of one pixel stays', () => {
  const line = mask(9, 6, [4, 13, 22, 31, 40, 49])
  expect([...fitMask(line, 3, 2).data]).toEqual([0, 255, 0, 0, 255, 0])
})
