/** Nothing outside a mask changes, for any photo and mask that a tool accepts, and the proof is made on the file itself. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeRgba } from './images/decode-image.ts'
import { encodeMaskPng, encodePng, encodeRgbaPng } from './images/encode-png.ts'
import { createMask, type GrayMask, type RgbImage } from './images/raster.ts'
import { renderTestPhoto } from './images/test-photos.ts'
import { openMaskedEdit } from './masked-edit.ts'
import { certify } from './masks/certify.ts'
import { randomMask } from './masks/random-mask.ts'

const photo = renderTestPhoto('weave', 40, 30)
const mask = randomMask({ width: 40, height: 30, shape: 'blob', size: 0.5, seed: 3 })
const inside = mask.data.filter((value) => value > 0).length
const flat = ({ width, height }: RgbImage, value: number): RgbImage => ({
  ...{ width, height },
  data: new Uint8Array(width * height * 3).fill(value),
})

describe('masked edit', () => {
  it('takes the edited pixels inside the mask and the bytes of the photo outside, and proves it', async () => {
    const edit = await openMaskedEdit(await encodePng(photo), await encodeMaskPng(mask))
    const { image, comparison } = await edit.finish(flat(photo, 7))
    expect(comparison).toEqual({ changedOutside: 0, changedInside: inside, inside })
    const { data } = await decodeRgba(image.bytes)
    mask.data.forEach((value, i) => {
      expect(data[i * 4]).toBe(value > 0 ? 7 : photo.data[i * 3])
    })
  })

  it('counts as changed only what differs', async () => {
    const edit = await openMaskedEdit(await encodePng(photo), await encodeMaskPng(mask))
    const { comparison } = await edit.finish(photo)
    expect(comparison).toEqual({ changedOutside: 0, changedInside: 0, inside })
  })

  it('throws a picture away when one byte outside the mask differs, even of its transparency', async () => {
    const before = await decodeRgba(await encodePng(photo))
    const black = mask.data.indexOf(0)
    for (const channel of [0, 3]) {
      const after = { ...before, data: Uint8Array.from(before.data) }
      after.data[black * 4 + channel]! ^= 1
      const proof = certify(before, await encodeRgbaPng(after), mask)
      await expect(proof).rejects.toMatchObject({ type: 'internal' })
      await expect(proof).rejects.toThrow('1 pixel outside the mask changed')
    }
  })

  it('keeps transparency everywhere, and colours below full transparency too', async () => {
    const alpha = Uint8Array.from({ length: 1200 }, (_, i) => [0, 90, 255][i % 3]!)
    const data = new Uint8Array(4800)
    for (let i = 0; i < 1200; i++) data.set([...photo.data.subarray(i * 3, i * 3 + 3), alpha[i]!], i * 4)
    const file = await encodeRgbaPng({ width: 40, height: 30, data })
    const edit = await openMaskedEdit(file, await encodeMaskPng(mask))
    const { image, comparison } = await edit.finish(flat(photo, 200))
    const made = await decodeRgba(image.bytes)
    expect(made.data.filter((_, i) => i % 4 === 3)).toEqual(alpha)
    expect(comparison.changedInside).toBeLessThan(inside)
    mask.data.forEach((value, i) => {
      const seen = made.data[i * 4]!
      if (value === 0 || alpha[i] === 0) expect(seen).toBe(data[i * 4])
      else if (alpha[i] === 255) expect(seen).toBe(200)
      else expect(Math.abs(255 + ((seen - 255) * 90) / 255 - 200)).toBeLessThan(1)
    })
  })

  it('compares a 16-bit photo, and one that lies on its side, with what was decoded', async () => {
    const raw = sharp(Buffer.from(photo.data), { raw: { width: 40, height: 30, channels: 3 } })
    const deep = await raw.clone().toColourspace('rgb16').png().toBuffer()
    expect((await sharp(deep).metadata()).depth).toBe('ushort')
    const turned = await raw.clone().withMetadata({ orientation: 6 }).tiff({ compression: 'none' }).toBuffer()
    const upright: GrayMask = { width: 30, height: 40, data: new Uint8Array(1200).fill(255, 0, 100) }
    for (const [file, marked] of [
      [deep, mask],
      [turned, upright],
    ] as const) {
      const edit = await openMaskedEdit(file, await encodeMaskPng(marked))
      const { comparison } = await edit.finish(flat(edit.photo, 7))
      expect(comparison.changedOutside).toBe(0)
      expect(comparison.changedInside).toBe(comparison.inside)
    }
  })
})

describe('the mask', () => {
  const open = async (drawn: Uint8Array) => openMaskedEdit(await encodePng(photo), drawn)

  it('is refused when it is all black, in words', async () => {
    const black = open(await encodeMaskPng(createMask(40, 30)))
    await expect(black).rejects.toMatchObject({ type: 'invalid-input' })
    await expect(black).rejects.toThrow(/all black.*Mark in white/)
    await expect(open(await encodeMaskPng({ ...mask, data: mask.data.map(() => 127) }))).rejects.toThrow(
      /all black/,
    )
  })

  it('may be all white, one pixel, or have a soft edge, which is cut at half grey', async () => {
    const white = await open(await encodeMaskPng({ ...mask, data: new Uint8Array(1200).fill(255) }))
    expect((await white.finish(flat(photo, 7))).comparison.inside).toBe(1200)
    const one = createMask(40, 30)
    one.data[0] = 255
    const single = await open(await encodeMaskPng(one))
    expect((await single.finish(flat(photo, 7))).comparison).toEqual({
      ...{ changedOutside: 0, changedInside: 1, inside: 1 },
    })
    const soft = createMask(40, 30)
    soft.data.set([40, 127, 128, 200])
    expect([...(await open(await encodeMaskPng(soft))).mask.data.subarray(0, 5)]).toEqual([0, 0, 255, 255, 0])
  })

  it('counts strokes on a transparent ground, and colour as brightness', async () => {
    const data = new Uint8Array(4800)
    data.set([255, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 0])
    const { mask } = await open(await encodeRgbaPng({ width: 40, height: 30, data }))
    expect([...mask.data.subarray(0, 4)]).toEqual([255, 255, 0, 0])
  })

  it('of another size is brought to the photo with a note, or refused with both sizes', async () => {
    const half = randomMask({ width: 20, height: 15, shape: 'ellipse', size: 0.5, seed: 1 })
    const fitted = await open(await encodeMaskPng(half))
    expect(fitted.notes).toEqual(['The mask of 20 × 15 pixels was brought to 40 × 30.'])
    expect((await fitted.finish(flat(photo, 7))).comparison.inside).toBe(
      4 * half.data.filter((value) => value > 0).length,
    )
    const other = open(await encodeMaskPng({ ...createMask(30, 30), data: new Uint8Array(900).fill(255) }))
    await expect(other).rejects.toMatchObject({ type: 'size-mismatch' })
    await expect(other).rejects.toThrow(/30 × 30 .* 40 × 30/)
  })
})
