/** Turns the bytes of an image file into pixels, after the same checks as at upload. */
import { imagePixels, type ImageLimits } from '@defect-studio/stores/artifacts/inspect-image'
import type { GrayMask, RgbaImage, RgbImage } from './raster.ts'

/**
 * Decodes PNG, JPEG, WebP, TIFF or BMP into 8-bit sRGB. EXIF rotation is applied; transparent places become white;
 * of an animation or a many-page file the first picture is taken; grey, CMYK and 16-bit files are converted.
 *
 * @throws ImageProblem when the bytes are no image, are cut off, or are over the limits.
 */
export async function decodeImage(bytes: Uint8Array, limits: ImageLimits = {}): Promise<RgbImage> {
  const pixels = await imagePixels(bytes, limits)
  return raw(pixels.flatten({ background: '#ffffff' }).removeAlpha(), 3)
}

/**
 * As `decodeImage`, with transparency kept (255 = opaque, for files that have none).
 *
 * @throws ImageProblem as `decodeImage`.
 */
export async function decodeRgba(bytes: Uint8Array, limits: ImageLimits = {}): Promise<RgbaImage> {
  const pixels = await imagePixels(bytes, limits)
  return raw(pixels.ensureAlpha(), 4)
}

/**
 * Decodes a mask: brightness counts, and transparent places are black (a drawing over a photo is
 * strokes on nothing).
 *
 * @throws ImageProblem as `decodeImage`.
 */
export async function decodeMask(bytes: Uint8Array, limits: ImageLimits = {}): Promise<GrayMask> {
  const pixels = await imagePixels(bytes, limits)
  const flat = await raw(pixels.flatten({ background: '#000000' }).removeAlpha(), 3)
  const data = new Uint8Array(flat.width * flat.height)
  for (let i = 0, p = 0; i < data.length; i++, p += 3) {
    data[i] = Math.max(flat.data[p]!, flat.data[p + 1]!, flat.data[p + 2]!)
  }
  return { width: flat.width, height: flat.height, data }
}

async function raw(
  pixels: Awaited<ReturnType<typeof imagePixels>>,
  channels: 3 | 4,
): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { data, info } = await pixels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true })
  if (info.channels !== channels) {
    throw new Error(`The decoder gave ${info.channels} channels where ${channels} were asked for.`)
  }
  return {
    width: info.width,
    height: info.height,
    data: new Uint8Array(data.buffer, data.byteOffset, data.length),
  }
}
