/** Changes the size of pictures and masks. */
import sharp from 'sharp'
import type { GrayMask, RgbImage } from './raster.ts'

/** The picture at exactly `width` × `height` pixels (Lanczos, no cropping). */
export async function resizeImage(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  if (width === image.width && height === image.height) return image
  const data = await resize(image.data, image.width, image.height, 3, width, height, 'lanczos3')
  return { width, height, data }
}

/** The mask at exactly `width` × `height` pixels (bilinear: its edge turns grey, never rings). */
export async function resizeMask(mask: GrayMask, width: number, height: number): Promise<GrayMask> {
  if (width === mask.width && height === mask.height) return mask
  const data = await resize(mask.data, mask.width, mask.height, 1, width, height, 'linear')
  return { width, height, data }
}

async function resize(
  data: Uint8Array | Uint8ClampedArray,
  fromWidth: number,
  fromHeight: number,
  channels: 1 | 3,
  width: number,
  height: number,
  kernel: 'lanczos3' | 'linear',
): Promise<Uint8Array> {
  let pixels = sharp(data, {
    raw: { width: fromWidth, height: fromHeight, channels },
    limitInputPixels: false,
  })
    .resize(width, height, { fit: 'fill', kernel })
    .raw({ depth: 'uchar' })
  if (channels === 1) pixels = pixels.toColourspace('b-w')
  const out = await pixels.toBuffer()
  return new Uint8Array(out.buffer, out.byteOffset, out.length)
}
