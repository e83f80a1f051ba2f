/** float16 there and back: every one of its 65,536 patterns, and the rounding between them. */
import { describe, expect, it } from 'vitest'
import { fromHalfBits, toHalfBits } from './tensor.ts'

describe('half precision', () => {
  it('brings every float16 back unchanged', () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalfBits(bits)
      if (Number.isNaN(value)) expect(toHalfBits(value) & 0x7fff).toBeGreaterThan(0x7c00)
      else if (toHalfBits(value) !== bits) expect(toHalfBits(value)).toBe(bits)
    }
  })

  it('rounds to the nearest, a half to the even one', () => {
    expect(fromHalfBits(toHalfBits(1 + 2 ** -11))).toBe(1)
    expect(fromHalfBits(toHalfBits(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9)
    expect(fromHalfBits(toHalfBits(1 + 2 ** -11 + 2 ** -20))).toBe(1 + 2 ** -10)
    expect(fromHalfBits(toHalfBits(3 * 2 ** -25))).toBe(2 ** -23)
    expect(fromHalfBits(toHalfBits(65519))).toBe(65504)
    expect(fromHalfBits(toHalfBits(65520))).toBe(Infinity)
    expect(fromHalfBits(toHalfBits(-1e9))).toBe(-Infinity)
  })
})
