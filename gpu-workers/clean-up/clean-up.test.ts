/** Holds what clean up promises: only the marked place changes, and texture comes back. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMask, type GrayMask, type RgbImage } from '../images/raster.ts'
import { renderTestPhoto, type TestSurface } from '../images/test-photos.ts'
import { countChangedOutside } from '../masks/composite.ts'
import { randomMask } from '../masks/random-mask.ts'
import { cleanUp } from './clean-up.ts'

const methods = ['patch-match', 'telea', 'navier-stokes'] as const

/** The photo with the white pixels destroyed, so that nothing can be copied from below the mask. */
function spoil(photo: RgbImage, mask: GrayMask): RgbImage {
  return {
    ...photo,
    data: Uint8Array.from(photo.data, (value, i) =>
      mask.data[Math.floor(i / 3)]! > 0 ? (i * 7) % 256 : value,
    ),
  }
}

/** Peak signal-to-noise ratio over the white pixels, dB. */
function psnrInside(truth: RgbImage, mask: GrayMask, guess: (byte: number) => number): number {
  let sum = 0
  let count = 0
  truth.data.forEach((value, i) => {
    if (mask.data[Math.floor(i / 3)] === 0) return
    sum += (value - guess(i)) ** 2
    count++
  })
  return 10 * Math.log10((255 * 255 * count) / (sum + 1e-9))
}

/** Mean of each channel over the black pixels. */
function meanOutside(photo: RgbImage, mask: GrayMask): number[] {
  const sums = [0, 0, 0]
  let count = 0
  mask.data.forEach((value, i) => {
    if (value > 0) return
    count++
    for (let c = 0; c < 3; c++) sums[c]! += photo.data[i * 3 + c]!
  })
  return sums.map((sum) => sum / count)
}

describe('clean up', () => {
  it('follows the light across a part, brighter in the hole than anywhere that it can copy from', async () => {
    const fromMiddle = (i: number) => Math.hypot((i % 120) - 60, Math.floor(i / 120) - 60)
    const plain = renderTestPhoto('weave', 120, 120)
    const light = (i: number) => 1 - 0.6 * Math.min(1, fromMiddle(i) / 85)
    const lit = {
      ...plain,
      data: Uint8Array.from(plain.data, (value, i) => value * light(Math.floor(i / 3))),
    }
    const mask = createMask(120, 120)
    mask.data.forEach((_, i) => (mask.data[i] = fromMiddle(i) < 20 ? 255 : 0))
    const cleaned = await cleanUp({ image: spoil(lit, mask), mask, method: 'patch-match', seed: 1 })
    expect(psnrInside(lit, mask, (i) => cleaned.data[i]!)).toBeGreaterThan(23.3)
  })

  it.each([
    ['checks', 3],
    ['tiles', 3],
    ['weave', 2],
    ['brushed metal', 1.5],
  ] satisfies [TestSurface, number][])(
    'brings %s back, at least %d dB better than its mean colour',
    async (surface, margin) => {
      const photo = renderTestPhoto(surface, 160, 140)
      const mask = randomMask({ width: 160, height: 140, shape: 'blob', size: 0.32, seed: 8 })
      const cleaned = await cleanUp({ image: spoil(photo, mask), mask, method: 'patch-match', seed: 1 })
      const mean = meanOutside(photo, mask)
      const byMean = psnrInside(photo, mask, (i) => mean[i % 3]!)
      expect(psnrInside(photo, mask, (i) => cleaned.data[i]!)).toBeGreaterThan(byMean + margin)
    },
  )

  it('fills a plain surface without a trace of what was there, by Telea too', async () => {
    const photo = renderTestPhoto('plain', 96, 96)
    const mask = randomMask({ width: 96, height: 96, shape: 'ellipse', size: 0.3, seed: 3 })
    for (const method of methods) {
      const cleaned = await cleanUp({ image: spoil(photo, mask), mask, method, seed: 1 })
      expect(
        psnrInside(photo, mask, (i) => cleaned.data[i]!),
        method,
      ).toBeGreaterThan(38)
    }
  })

  it('keeps every byte outside the mask, whatever the size and the mask', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 60 }),
        fc.integer({ min: 2, max: 60 }),
        fc.constantFrom(...methods),
        fc.nat(),
        async (width, height, method, seed) => {
          const photo = renderTestPhoto('weave', width, height)
          const mask = randomMask({ width, height, shape: 'stroke', size: 0.7, seed, count: 2 })
          mask.data[seed % mask.data.length] = 0
          const cleaned = await cleanUp({ image: photo, mask, method, seed })
          expect(countChangedOutside(photo, cleaned, mask)).toBe(0)
        },
      ),
      { numRuns: 40 },
    )
  })

  it('fills the same for the same seed', async () => {
    const photo = renderTestPhoto('brushed metal', 90, 80)
    const mask = randomMask({ width: 90, height: 80, shape: 'blob', size: 0.4, seed: 2 })
    const fill = () => cleanUp({ image: photo, mask, method: 'patch-match', seed: 9 })
    expect((await fill()).data).toEqual((await fill()).data)
  })

  it('fills spots in far corners, and next to a border, each from its own surroundings', async () => {
    const photo = renderTestPhoto('checks', 400, 300)
    const mask = createMask(400, 300)
    for (const [left, top] of [
      [0, 0],
      [380, 280],
      [200, 0],
    ] as const) {
      for (let y = top; y < top + 20; y++) mask.data.fill(255, y * 400 + left, y * 400 + left + 20)
    }
    const cleaned = await cleanUp({ image: spoil(photo, mask), mask, method: 'patch-match', seed: 1 })
    expect(psnrInside(photo, mask, (i) => cleaned.data[i]!)).toBeGreaterThan(20)
  })

  it('changes nothing when the mask is empty', async () => {
    const photo = renderTestPhoto('weave', 30, 20)
    for (const method of methods) {
      const cleaned = await cleanUp({ image: photo, mask: createMask(30, 20), method, seed: 1 })
      expect([...cleaned.data]).toEqual([...photo.data])
    }
  })

  it('refuses a mask that is white everywhere, or of another size', async () => {
    const photo = renderTestPhoto('plain', 20, 10)
    const white = { width: 20, height: 10, data: new Uint8Array(200).fill(255) }
    for (const method of methods) {
      await expect(cleanUp({ image: photo, mask: white, method, seed: 1 })).rejects.toMatchObject({
        type: 'invalid-input',
      })
      const other = createMask(10, 20)
      await expect(cleanUp({ image: photo, mask: other, method, seed: 1 })).rejects.toMatchObject({
        type: 'size-mismatch',
      })
    }
  })

  it('tells its progress, lets other work run meanwhile, and stops when told to', async () => {
    const photo = renderTestPhoto('weave', 200, 200)
    const mask = randomMask({ width: 200, height: 200, shape: 'blob', size: 0.6, seed: 2 })
    const parts: number[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    await cleanUp({
      image: photo,
      mask,
      method: 'patch-match',
      seed: 1,
      onProgress: (part) => parts.push(part),
    })
    clearInterval(timer)
    expect(turns).toBeGreaterThan(2)
    expect(parts).toEqual([...parts].sort((a, b) => a - b))
    expect(parts.at(-1)).toBe(1)
    const controller = new AbortController()
    const work = cleanUp({
      image: photo,
      mask,
      method: 'patch-match',
      seed: 1,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })
    await expect(work).rejects.toThrow('enough')
  })
})
