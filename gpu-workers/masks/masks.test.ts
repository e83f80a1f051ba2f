/** Holds the promises of random, drawn and used masks. */
import { maskShapes } from '@defect-studio/nodes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countWhite, createMask, type GrayMask } from '../images/raster.ts'
import { renderTestPhoto } from '../images/test-photos.ts'
import { compositeInside, countChangedOutside } from './composite.ts'
import { distanceInside } from './distance-inside.ts'
import { checkDrawnMask } from './drawn-mask.ts'
import { randomMask } from './random-mask.ts'

const side = fc.integer({ min: 1, max: 70 })
const seed = fc.nat({ max: 0xffffffff })

function maskOf(rows: string[]): GrayMask {
  const width = rows[0]!.length
  return { width, height: rows.length, data: Uint8Array.from(rows.join(''), (c) => (c === '#' ? 255 : 0)) }
}

describe('random mask', () => {
  it('is black and white, of the size asked for, never empty, and the same for the same seed', () => {
    fc.assert(
      fc.property(
        side,
        side,
        fc.constantFrom(...maskShapes),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        seed,
        fc.integer({ min: 1, max: 4 }),
        (width, height, shape, size, seed, count) => {
          const params = { width, height, shape, size, seed, count }
          const mask = randomMask(params)
          expect(mask.data.length).toBe(width * height)
          expect(mask.data.every((value) => value === 0 || value === 255)).toBe(true)
          expect(countWhite(mask)).toBeGreaterThan(0)
          expect(randomMask(params).data).toEqual(mask.data)
        },
      ),
    )
  })

  it.each(maskShapes)('draws a %s about as large as asked for', (shape) => {
    const share = (size: number) =>
      countWhite(randomMask({ width: 400, height: 300, shape, size, seed: 4 })) / (300 * 300 * size * size)
    for (const size of [0.1, 0.4, 0.8]) {
      expect(share(size)).toBeGreaterThan(0.06)
      expect(share(size)).toBeLessThan(1.01)
    }
  })

  it('differs from seed to seed', () => {
    const draw = (seed: number) => randomMask({ width: 64, height: 64, shape: 'blob', size: 0.4, seed }).data
    expect(draw(1)).not.toEqual(draw(2))
  })
})

describe('drawn mask', () => {
  it('becomes black and white', () => {
    const drawn = { width: 3, height: 1, data: Uint8Array.of(10, 127, 128) }
    expect(checkDrawnMask(drawn, 3, 1).data).toEqual(Uint8Array.of(0, 0, 255))
  })

  it('is refused when it is empty or was drawn over a picture of another size', () => {
    expect(() => checkDrawnMask(createMask(4, 4), 4, 4)).toThrow(/empty/)
    expect(() => checkDrawnMask(maskOf(['##', '##']), 4, 4)).toThrow(/2 × 2.*4 × 4/)
  })
})

describe('distance inside', () => {
  it('counts steps from the nearest black pixel', () => {
    expect([...distanceInside(maskOf(['.####.']))]).toEqual([0, 1, 2, 2, 1, 0])
    expect([...distanceInside(maskOf(['###']), true)]).toEqual([1, 1, 1])
    expect([...distanceInside(maskOf(['.##', '###']))].map((d) => Math.round(d * 10))).toEqual([
      0, 10, 20, 10, 14, 24,
    ])
  })
})

describe('composite', () => {
  const original = renderTestPhoto('weave', 40, 30)
  const generated = { ...original, data: new Uint8Array(original.data.length).fill(200) }

  it('keeps every byte outside the mask, for any mask and feather', () => {
    fc.assert(
      fc.property(
        seed,
        fc.constantFrom(...maskShapes),
        fc.double({ min: 0, max: 20, noNaN: true }),
        (seed, shape, feather) => {
          const mask = randomMask({ width: 40, height: 30, shape, size: 0.6, seed })
          const { image, changedOutside } = compositeInside(original, generated, mask, feather)
          expect(changedOutside).toBe(0)
          mask.data.forEach((value, i) => {
            if (value === 0) expect(image.data[i * 3]).toBe(original.data[i * 3])
            else if (feather === 0) expect(image.data[i * 3]).toBe(200)
          })
        },
      ),
    )
  })

  it('blends inwards from the edge of the mask', () => {
    const black = { width: 9, height: 1, data: new Uint8Array(27) }
    const white = { width: 9, height: 1, data: new Uint8Array(27).fill(240) }
    const { image } = compositeInside(black, white, maskOf(['.#######.']), 3)
    expect([...image.data].filter((_, i) => i % 3 === 0)).toEqual([0, 60, 120, 180, 240, 180, 120, 60, 0])
  })

  it('counts pixels that did change outside', () => {
    expect(countChangedOutside(original, generated, createMask(40, 30))).toBe(1200)
  })

  it('refuses pictures and masks of different sizes', () => {
    expect(() => compositeInside(original, generated, createMask(30, 40))).toThrow(/one size/)
  })
})
