/** Holds that pixels come out of files, and go into files, as they are. */
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { decodeImage, decodeMask, decodeRgba } from './decode-image.ts'
import { encodeMaskPng, encodePng, encodeRgbaPng } from './encode-png.ts'
import { boxOfWhite, cropImage, cropMask, growBox } from './pixel-box.ts'
import { createMask } from './raster.ts'
import { resizeImage, resizeMask } from './resize-image.ts'
import { renderTestPhoto } from './test-photos.ts'

const photo = renderTestPhoto('weave', 33, 21)

describe('decode and encode', () => {
  it('brings back the very pixels, and writes the same bytes for them each time', async () => {
    const file = await encodePng(photo)
    expect(await decodeImage(file)).toEqual({ ...photo, data: new Uint8Array(photo.data) })
    expect(await encodePng({ ...photo, data: Uint8Array.from(photo.data) })).toEqual(file)
  })

  it('keeps transparency where it is asked for, and puts the rest on white', async () => {
    const pixels = { width: 2, height: 1, data: Uint8Array.of(10, 20, 30, 255, 40, 50, 60, 0) }
    const file = await encodeRgbaPng(pixels)
    expect([...(await decodeRgba(file)).data]).toEqual([...pixels.data])
    expect([...(await decodeImage(file)).data]).toEqual([10, 20, 30, 255, 255, 255])
    expect([...(await decodeRgba(await encodePng(photo))).data.slice(0, 4)]).toEqual([
      ...photo.data.slice(0, 3),
      255,
    ])
  })

  it('reads a mask as brightness, transparent as black, and writes one channel', async () => {
    const mask = { width: 3, height: 1, data: Uint8Array.of(0, 128, 255) }
    const file = await encodeMaskPng(mask)
    expect((await sharp(file).metadata()).channels).toBe(1)
    expect(await decodeMask(file)).toEqual(mask)
    const strokes = { width: 2, height: 1, data: Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 0) }
    expect([...(await decodeMask(await encodeRgbaPng(strokes))).data]).toEqual([255, 0])
  })

  it('turns photos upright', async () => {
    const pixels = Buffer.from([255, 0, 0, 0, 0, 255])
    const file = await sharp(pixels, { raw: { width: 2, height: 1, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .tiff({ compression: 'none' })
      .toBuffer()
    const turned = await decodeImage(file)
    expect([turned.width, turned.height]).toEqual([1, 2])
    expect([...turned.data]).toEqual([255, 0, 0, 0, 0, 255])
  })

  it('makes 8-bit sRGB of grey, 16-bit and CMYK files', async () => {
    const grey = sharp(Buffer.from([0, 100, 200, 255]), { raw: { width: 4, height: 1, channels: 1 } })
    const expected = [0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255]
    const eight = await grey.clone().toColourspace('b-w').png().toBuffer()
    expect([...(await decodeImage(eight)).data]).toEqual(expected)
    const sixteen = await grey.clone().toColourspace('grey16').png().toBuffer()
    expect((await sharp(sixteen).metadata()).depth).toBe('ushort')
    expect([...(await decodeImage(sixteen)).data]).toEqual(expected)
    const cmyk = await sharp(Buffer.from(photo.data), { raw: { width: 33, height: 21, channels: 3 } })
      .toColourspace('cmyk')
      .tiff()
      .toBuffer()
    const back = await decodeImage(cmyk)
    let difference = 0
    for (const [i, value] of back.data.entries())
      difference += Math.abs(value - photo.data[i]!) / back.data.length
    expect(difference).toBeLessThan(12)
  })

  it('reads bitmaps: rows from the bottom, blue first', async () => {
    const file = Buffer.alloc(54 + 16)
    file.write('BM', 0, 'latin1')
    file.writeUInt32LE(54, 10)
    file.writeUInt32LE(40, 14)
    file.writeInt32LE(2, 18)
    file.writeInt32LE(2, 22)
    file.writeUInt16LE(24, 28)
    file.set([1, 2, 3, 4, 5, 6], 54)
    file.set([7, 8, 9, 10, 11, 12], 62)
    expect([...(await decodeImage(file)).data]).toEqual([9, 8, 7, 12, 11, 10, 3, 2, 1, 6, 5, 4])
  })

  it('refuses what the border refuses', async () => {
    const file = await encodePng(photo)
    await expect(decodeImage(file.subarray(0, 200))).rejects.toMatchObject({ code: 'truncated' })
    await expect(decodeRgba(file, { maxPixels: 10 })).rejects.toMatchObject({ code: 'too-many-pixels' })
    await expect(decodeMask(Buffer.from('no'))).rejects.toMatchObject({ code: 'not-an-image' })
  })

  it('refuses to write pixels that do not fill the picture', async () => {
    await expect(encodePng({ width: 3, height: 3, data: new Uint8Array(5) })).rejects.toThrow(
      /27 bytes, not 5/,
    )
  })
})

describe('resize', () => {
  it('gives exactly the size asked for and keeps an even colour', async () => {
    const even = { width: 30, height: 20, data: new Uint8Array(1800).fill(77) }
    const resized = await resizeImage(even, 17, 41)
    expect([resized.width, resized.height, resized.data.length]).toEqual([17, 41, 17 * 41 * 3])
    expect(resized.data.every((value) => value === 77)).toBe(true)
    const mask = await resizeMask({ width: 4, height: 4, data: new Uint8Array(16).fill(255) }, 9, 3)
    expect([...mask.data]).toEqual(Array.from({ length: 27 }, () => 255))
  })
})

describe('boxes', () => {
  it('finds the white pixels, grows only as far as the picture goes, and cuts out', () => {
    const mask = createMask(6, 5)
    expect(boxOfWhite(mask)).toBeNull()
    mask.data[2 * 6 + 1] = 255
    mask.data[3 * 6 + 4] = 200
    const box = boxOfWhite(mask)!
    expect(box).toEqual({ x: 1, y: 2, width: 4, height: 2 })
    expect(growBox(box, 2, 6, 5)).toEqual({ x: 0, y: 0, width: 6, height: 5 })
    expect([...cropMask(mask, box).data]).toEqual([255, 0, 0, 0, 0, 0, 0, 200])
    const cut = cropImage(photo, { x: 3, y: 4, width: 2, height: 2 })
    expect(cut.data[3]).toBe(photo.data[(4 * 33 + 4) * 3])
  })
})
