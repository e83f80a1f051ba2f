/** Holds the border check: what may come in, and that each bad file is refused for its true reason. */
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { inspectImage } from './inspect-image.ts'

function photo(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3)
  for (let i = 0; i < data.length; i++) data[i] = (i * i) % 251
  return sharp(data, { raw: { width, height, channels: 3 } })
}

/** A PNG file that says it is huge and holds next to nothing. */
function pngBomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const size = Buffer.alloc(4)
    size.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([size, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** An uncompressed 24-bit BMP, rows from the bottom, with one colour per corner. */
function bmp(width: number, height: number): Buffer {
  const stride = Math.ceil((width * 3) / 4) * 4
  const file = Buffer.alloc(54 + stride * height)
  file.write('BM', 0, 'latin1')
  file.writeUInt32LE(file.length, 2)
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(width, 18)
  file.writeInt32LE(height, 22)
  file.writeUInt16LE(1, 26)
  file.writeUInt16LE(24, 28)
  return file
}

describe('the check of a picture at the border', () => {
  it('accepts PNG, JPEG, WebP and TIFF, and says type and size', async () => {
    for (const type of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const bytes = await photo(40, 30).toFormat(type).toBuffer()
      expect(await inspectImage(bytes)).toEqual({ mediaType: `image/${type}`, width: 40, height: 30 })
    }
  })

  it('accepts BMP, 16-bit, grey, CMYK and transparent files', async () => {
    const files = [
      bmp(13, 7),
      await photo(13, 7).toColourspace('rgb16').png().toBuffer(),
      await photo(13, 7).toColourspace('b-w').png().toBuffer(),
      await photo(13, 7).toColourspace('cmyk').jpeg().toBuffer(),
      await photo(13, 7).ensureAlpha(0.5).png().toBuffer(),
    ]
    for (const bytes of files) expect(await inspectImage(bytes)).toMatchObject({ width: 13, height: 7 })
  })

  it('gives the size of a turned photo as it is shown', async () => {
    const bytes = await photo(40, 30).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    expect(await inspectImage(bytes)).toMatchObject({ width: 30, height: 40 })
  })

  it('takes the first frame of an animation', async () => {
    const frames = await sharp(
      [await photo(20, 10).png().toBuffer(), await photo(20, 10).negate().png().toBuffer()],
      {
        join: { animated: true },
      },
    )
      .webp()
      .toBuffer()
    expect((await sharp(frames, { pages: -1 }).metadata()).pages).toBe(2)
    expect(await inspectImage(frames)).toMatchObject({ width: 20, height: 10 })
  })

  it('refuses files that are no picture', async () => {
    for (const text of ['', 'hello', '<html></html>', 'BM but not a bitmap at all, only text']) {
      await expect(inspectImage(Buffer.from(text)), text).rejects.toMatchObject({ code: 'not-an-image' })
    }
  })

  it('refuses pictures of other types by their name, and never runs an SVG', async () => {
    const gif = await photo(5, 5).gif().toBuffer()
    await expect(inspectImage(gif)).rejects.toMatchObject({
      code: 'unsupported-type',
      message: /a GIF.*PNG or JPEG/,
    })
    const svg = Buffer.from(
      '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    )
    await expect(inspectImage(svg)).rejects.toMatchObject({ code: 'unsupported-type' })
  })

  it('refuses a 100-megapixel bomb from its header, and says its size', async () => {
    await expect(inspectImage(pngBomb(10_000, 10_000))).rejects.toMatchObject({
      code: 'too-many-pixels',
      message: /10000 × 10000.*100 megapixels.*at most 40 megapixels/,
    })
    await expect(inspectImage(pngBomb(2_000_000_000, 2_000_000_000))).rejects.toMatchObject({
      name: 'ImageProblem',
    })
    const exact = await photo(40, 30).png().toBuffer()
    await expect(inspectImage(exact, { maxPixels: 1199 })).rejects.toMatchObject({ code: 'too-many-pixels' })
    await expect(inspectImage(exact, { maxPixels: 1200 })).resolves.toMatchObject({ width: 40 })
  })

  it('refuses a bomb that hides its size in a bitmap header', async () => {
    const bytes = bmp(4, 4)
    bytes.writeInt32LE(2_000_000, 18)
    bytes.writeInt32LE(-2_000_000, 22)
    await expect(inspectImage(bytes)).rejects.toMatchObject({ code: 'too-many-pixels' })
  })

  it('refuses more bytes than allowed before it reads them', async () => {
    const bytes = await photo(40, 30).png().toBuffer()
    await expect(inspectImage(bytes, { maxBytes: 100 })).rejects.toMatchObject({ code: 'too-many-bytes' })
  })

  it('refuses files that are cut off, wherever the cut is', async () => {
    for (const type of ['png', 'jpeg', 'webp', 'tiff'] as const) {
      const bytes = await photo(120, 90).toFormat(type).toBuffer()
      for (const part of [0.1, 0.5, 0.9]) {
        const cut = bytes.subarray(0, Math.max(20, Math.floor(bytes.length * part)))
        await expect(inspectImage(cut), `${type} cut at ${part}`).rejects.toMatchObject({ code: 'truncated' })
      }
    }
    await expect(inspectImage(bmp(40, 30).subarray(0, 2000))).rejects.toMatchObject({ code: 'truncated' })
    await expect(inspectImage(bmp(40, 30).subarray(0, 20))).rejects.toMatchObject({ code: 'truncated' })
  })
})
