/** Cuts a bright part out of a dark photo with a net that is right by construction; `goldens/tiny_nets.py` made it. */
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { RgbImage } from '../images/raster.ts'
import { refineAlpha } from './refine-alpha.ts'
import { loadMattingModel, removeBackground } from './remove-background.ts'

const folder = fileURLToPath(new URL('../goldens/tiny-matting', import.meta.url))

describe('removeBackground', () => {
  it('gives an alpha matte at the full size of the photo, colours untouched', async () => {
    const photo = discPhoto(300, 210)
    const model = await loadMattingModel(folder, { provider: 'cpu', threads: 1 })
    const { image, mask } = await removeBackground(model, photo)
    await model.dispose()
    expect([mask.width, mask.height, image.width, image.height]).toEqual([300, 210, 300, 210])
    expect(overlap(mask.data, photo)).toBeGreaterThan(0.98)
    expect(image.data.filter((_, i) => i % 4 === 3)).toEqual(mask.data)
    expect(image.data.filter((_, i) => i % 4 !== 3)).toEqual(photo.data)
  })

  it('says of a folder without a config what it lacks', async () => {
    await expect(loadMattingModel('/nowhere', { provider: 'cpu' })).rejects.toThrow(
      '/nowhere has no model.onnx',
    )
  })
})

describe('refineAlpha', () => {
  it('follows the edge of the photo closer than the coarse matte can', () => {
    const photo = discPhoto(320, 320)
    const small = discPhoto(40, 40)
    const coarse = {
      width: 40,
      height: 40,
      data: new Float32Array(1600).map((_, i) => (small.data[3 * i]! > 128 ? 1 : 0)),
    }
    const refined = refineAlpha(coarse, small, photo)
    const blocky = photo.data.filter((_, i) => i % 3 === 0).map((_, i) => {
      const [x, y] = [Math.floor((i % 320) / 8), Math.floor(i / 320 / 8)]
      return coarse.data[y * 40 + x]! * 255
    }) // prettier-ignore
    const ours = overlap(
      Uint8Array.from(refined.data, (alpha) => Math.round(alpha * 255)),
      photo,
    )
    expect(ours).toBeGreaterThan(overlap(Uint8Array.from(blocky), photo))
    expect(ours).toBeGreaterThan(0.98)
  })
})

/** A bright disc on a dark ground. */
function discPhoto(width: number, height: number): RgbImage {
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < width * height; i++) {
    const inside =
      Math.hypot((i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2) < height / 3
    data.fill(inside ? 230 : 30, 3 * i, 3 * i + 3)
  }
  return { width, height, data }
}

/** Intersection over union of the mask and the disc. */
function overlap(mask: Uint8Array, photo: RgbImage): number {
  let both = 0
  let either = 0
  for (let i = 0; i < mask.length; i++) {
    const a = mask[i]! > 127
    const b = photo.data[3 * i]! > 128
    if (a && b) both++
    if (a || b) either++
  }
  return both / either
}
