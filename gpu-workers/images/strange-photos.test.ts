/** Photos of every kind become the same upright 8-bit sRGB pixels, for the tools and as masks. */
import { describe, expect, it } from 'vitest'
import { halves, refusedFiles, strangePhotos } from '../../stores/artifacts/strange-photos.fixtures.ts'
import { decodeImage, decodeMask, decodeRgba } from './decode-image.ts'
import type { RgbImage } from './raster.ts'

describe('a photo of any kind', () => {
  it.each(strangePhotos)('is decoded as it looks: $kind', async ({ kind, make, width, height, within }) => {
    const photo = await decodeImage(await make())
    expect([photo.width, photo.height]).toEqual([width, height])
    const [left, right] = [at(photo, 4, 4), at(photo, width - 5, height - 5)]
    if (within === undefined) {
      for (const [r, g, b] of [left, right]) expect([g, b]).toEqual([r, r])
      // A red of this kind is a little darker than the blue to nobody's eye; both are mid grey.
      expect(Math.min(left[0]!, right[0]!)).toBeGreaterThan(60)
      expect(Math.max(left[0]!, right[0]!)).toBeLessThan(140)
    } else {
      expect(distance(left, halves.left)).toBeLessThanOrEqual(within)
      expect(distance(right, halves.right)).toBeLessThanOrEqual(within)
    }
    if (/transparent|alpha/.test(kind)) {
      expect(at(photo, 24, 16)).toEqual([255, 255, 255])
      const { data } = await decodeRgba(await make())
      expect([data[(16 * 48 + 24) * 4 + 3], data[3]]).toEqual([0, 255])
    }
  })

  it.each(strangePhotos)('can be a mask: $kind', async ({ make, width, height }) => {
    const mask = await decodeMask(await make())
    expect([mask.width, mask.height, mask.data.length]).toEqual([width, height, width * height])
  })

  it.each(refusedFiles)('is refused with a reason where it cannot be read: $kind', async ({ make, code }) => {
    const bytes = await make()
    for (const decode of [decodeImage, decodeRgba, decodeMask])
      await expect(decode(bytes)).rejects.toMatchObject({ name: 'ImageProblem', code })
  })
})

const at = ({ width, data }: RgbImage, x: number, y: number) => [
  ...data.slice((y * width + x) * 3, (y * width + x) * 3 + 3),
]

const distance = (actual: readonly number[], expected: readonly number[]) =>
  Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))
