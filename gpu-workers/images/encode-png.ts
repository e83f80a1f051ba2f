/** Writes pixels as PNG: lossless, and the same bytes for the same pixels, since pictures are kept by their hash. */
import sharp from 'sharp'
import type { GrayMask, RgbaImage, RgbImage } from './raster.ts'

/** PNG of an opaque picture. */
export async function encodePng(image: RgbImage): Promise<Uint8Array<ArrayBuffer>> {
  return encode(image.data, image.width, image.height, 3)
}

/** PNG with transparency. */
export async function encodeRgbaPng(image: RgbaImage): Promise<Uint8Array<ArrayBuffer>> {
  return encode(image.data, image.width, image.height, 4)
}

/** One-channel PNG. */
export async function encodeMaskPng(mask: GrayMask): Promise<Uint8Array<ArrayBuffer>> {
  return encode(mask.data, mask.width, mask.height, 1)
}

async function encode(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  channels: 1 | 3 | 4,
): Promise<Uint8Array<ArrayBuffer>> {
  if (data.length !== width * height * channels) {
    throw new Error(
      `A ${width} × ${height} picture has ${width * height * channels} bytes, not ${data.length}.`,
    )
  }
  // No palette, no metadata, one filter and one level: nothing here depends on time, host or number of cores.
  let pixels = sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
  if (channels === 1) pixels = pixels.toColourspace('b-w')
  const file = await pixels
    .png({ compressionLevel: 6, adaptiveFiltering: channels !== 1, palette: false })
    .toBuffer()
  return new Uint8Array(file)
}
