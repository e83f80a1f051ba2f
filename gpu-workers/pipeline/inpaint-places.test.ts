/** Which parts of a photo are drawn for a mask. */
import { describe, expect, it } from 'vitest'
import { createMask, type GrayMask } from '../images/raster.ts'
import { chooseRegions } from './inpaint-places.ts'

const limits = { multiple: 16, nativeSide: 128 }

describe('chooseRegions', () => {
  it('draws a small spot in a large photo at the own size of the model', () => {
    expect(chooseRegions(spots(1000, 800, [[500, 400]]), limits)).toMatchObject([{ width: 128, height: 128 }])
  })

  it('draws spots that lie far apart each for itself, and near ones together', () => {
    const far = chooseRegions(spots(1000, 800, [[50, 50], [900, 700]]), limits) // prettier-ignore
    expect(far).toHaveLength(2)
    expect(far.every(({ width, height }) => width === 128 && height === 128)).toBe(true)
    expect(chooseRegions(spots(1000, 800, [[400, 400], [500, 400]]), limits)).toHaveLength(1) // prettier-ignore
  })

  it('holds every white pixel once, inside the photo, in sizes that the model can draw where there is room', () => {
    const mask = spots(611, 423, [[0, 0], [610, 422], [300, 5], [80, 400], [350, 180]]) // prettier-ignore
    const regions = chooseRegions(mask, limits)
    for (let i = 0; i < mask.data.length; i++) {
      if (mask.data[i] === 0) continue
      const [x, y] = [i % 611, Math.floor(i / 611)]
      const holding = regions.filter((r) => x >= r.x && y >= r.y && x < r.x + r.width && y < r.y + r.height)
      expect(holding).toHaveLength(1)
    }
    for (const { x, y, width, height } of regions) {
      expect([x >= 0, y >= 0, x + width <= 611, y + height <= 423]).toEqual([true, true, true, true])
      expect([width % 16 === 0 || width === 611, height % 16 === 0 || height === 423]).toEqual([true, true])
    }
  })

  it('draws a mask of very many places as one', () => {
    const many = Array.from({ length: 12 }, (_, i): [number, number] => [
      200 + (i % 4) * 400,
      200 + Math.floor(i / 4) * 400,
    ])
    expect(chooseRegions(spots(1600, 1300, many), limits)).toHaveLength(1)
  })

  it('has nothing to draw for a black mask', () => {
    expect(chooseRegions(createMask(50, 50), limits)).toEqual([])
  })
})

function spots(width: number, height: number, at: [number, number][]): GrayMask {
  const mask = createMask(width, height)
  for (const [x, y] of at) mask.data[y * width + x] = 255
  return mask
}
