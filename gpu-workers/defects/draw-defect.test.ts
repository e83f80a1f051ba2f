/** Holds what draw defect promises: an exact mask, the same bytes for the same seed, any size of photo. */
import { createHash } from 'node:crypto'
import { defectKinds } from '@defect-studio/nodes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { countWhite, createMask, type RgbImage } from '../images/raster.ts'
import { renderTestPhoto } from '../images/test-photos.ts'
import { randomMask } from '../masks/random-mask.ts'
import { drawDefect } from './draw-defect.ts'

const photo = renderTestPhoto('brushed metal', 160, 120)
const kind = fc.constantFrom(...defectKinds)
const unit = fc.double({ min: 0, max: 1, noNaN: true })
const seed = fc.nat({ max: 0xffffffff })

function differs(before: RgbImage, after: RgbImage, pixel: number): boolean {
  return [0, 1, 2].some((c) => before.data[pixel * 3 + c] !== after.data[pixel * 3 + c])
}

function hash(data: Uint8Array | Uint8ClampedArray): string {
  return createHash('sha256').update(data).digest('hex').slice(0, 16)
}

/** Mean difference per channel over the white pixels, in bytes. */
function meanChange(before: RgbImage, after: RgbImage, mask: Uint8Array): number {
  let sum = 0
  let count = 0
  mask.forEach((value, i) => {
    if (value === 0) return
    for (let c = 0; c < 3; c++) sum += Math.abs(before.data[i * 3 + c]! - after.data[i * 3 + c]!)
    count += 3
  })
  return sum / count
}

describe('draw defect', () => {
  it('whitens exactly the pixels that changed, whatever the kind, size, severity, count and photo', async () => {
    await fc.assert(
      fc.asyncProperty(
        kind,
        unit,
        unit,
        seed,
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 3 }),
        async (kind, size, severity, seed, width, height, count) => {
          const before = renderTestPhoto('weave', width, height)
          const { image, mask } = await drawDefect({ image: before, kind, size, severity, seed, count })
          expect(countWhite(mask)).toBeGreaterThan(0)
          const wrong = mask.data.findIndex(
            (value, pixel) => (value === 255) !== differs(before, image, pixel),
          )
          expect(wrong).toBe(-1)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('never paints outside the given place', async () => {
    await fc.assert(
      fc.asyncProperty(
        kind,
        unit,
        seed,
        fc.constantFrom('blob', 'stroke', 'rectangle'),
        async (kind, size, seed, shape) => {
          const place = randomMask({ width: photo.width, height: photo.height, shape, size: 0.3, seed })
          const { image, mask } = await drawDefect({ image: photo, kind, size, severity: 0.8, seed, place })
          const strayed = place.data.findIndex((value, pixel) => value === 0 && differs(photo, image, pixel))
          expect(strayed).toBe(-1)
          expect(countWhite(mask)).toBeGreaterThan(0)
        },
      ),
      { numRuns: 60 },
    )
  })

  it.each(defectKinds)('draws the same %s for the same seed, and another one for another', async (kind) => {
    const [first, again, other] = await Promise.all(
      [5, 5, 6].map((seed) => drawDefect({ image: photo, kind, size: 0.5, severity: 0.6, seed })),
    )
    expect(hash(again!.image.data)).toBe(hash(first!.image.data))
    expect(hash(other!.image.data)).not.toBe(hash(first!.image.data))
  })

  it.each(defectKinds)('makes a %s that is larger or stronger as severity grows', async (kind) => {
    const effect = async (severity: number) => {
      let sum = 0
      for (let seed = 0; seed < 6; seed++) {
        const { image, mask } = await drawDefect({ image: photo, kind, size: 0.6, severity, seed })
        sum += meanChange(photo, image, mask.data) * countWhite(mask)
      }
      return sum
    }
    expect(await effect(0.9)).toBeGreaterThan(1.25 * (await effect(0.15)))
  })

  it.each(defectKinds)('draws a %s that can be seen, on bright, dark and blown-out photos', async (kind) => {
    for (const level of [0, 12, 128, 243, 255]) {
      const plain = { ...photo, data: new Uint8Array(photo.data.length).fill(level) }
      const { image, mask } = await drawDefect({ image: plain, kind, size: 0.6, severity: 0.8, seed: 3 })
      // Pushing a black surface in leaves it black: a dent has nothing to show there.
      if (kind === 'dent' && level === 0) continue
      expect(meanChange(plain, image, mask.data), `on level ${level}`).toBeGreaterThan(2.5)
    }
  })

  it('leaves the photo that it was given alone', async () => {
    const before = hash(photo.data)
    await drawDefect({ image: photo, kind: 'rust', severity: 1, seed: 1 })
    expect(hash(photo.data)).toBe(before)
  })

  it('refuses a place that is black everywhere or of another size', async () => {
    const draw = (width: number, height: number) =>
      drawDefect({ image: photo, kind: 'hole', severity: 1, seed: 1, place: createMask(width, height) })
    await expect(draw(photo.width, photo.height)).rejects.toMatchObject({ type: 'invalid-input' })
    await expect(draw(photo.height, photo.width)).rejects.toMatchObject({ type: 'size-mismatch' })
  })

  it('stops between two defects when it is told to', async () => {
    const controller = new AbortController()
    const work = drawDefect({
      image: photo,
      kind: 'stain',
      severity: 1,
      seed: 1,
      count: 20,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    })
    await expect(work).rejects.toThrow('enough')
  })
})
