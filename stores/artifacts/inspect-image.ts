/** The border check of every picture: what it is, how large, and whether it is whole, before anybody relies on it. */
import sharp, { type Metadata, type Sharp } from 'sharp'
import { decodeBmp, readBmpHeader } from './decode-bmp.ts'
import { ImageProblem } from './image-problem.ts'
import { imageTypeOf, type ImageMediaType } from './image-type.ts'

export { ImageProblem, type ImageProblemCode } from './image-problem.ts'
export type { ImageMediaType } from './image-type.ts'

export interface ImageLimits {
  /** Width × height that is still accepted; 40 million when left out. */
  maxPixels?: number | undefined
  /** File size in bytes that is still accepted; 200 MB when left out. */
  maxBytes?: number | undefined
}

export interface InspectedImage {
  mediaType: ImageMediaType
  /** Pixels, as the picture is shown (after its EXIF rotation). */
  width: number
  height: number
}

export const defaultMaxPixels = 40_000_000
export const defaultMaxBytes = 200_000_000

/**
 * Checks the size from the header first, then decodes the whole picture once, so that a file which passes here can be
 * decoded later. Of an animation or a many-page file the first picture counts.
 *
 * @throws ImageProblem with a code and a sentence for the person who chose the file.
 */
export async function inspectImage(bytes: Uint8Array, limits: ImageLimits = {}): Promise<InspectedImage> {
  const { mediaType, width, height, pixels } = await openImage(bytes, limits)
  // Nearest neighbour to a few pixels: every row is decoded, next to nothing is computed or kept.
  await refused(() =>
    pixels.resize(4, 4, { fit: 'fill', kernel: 'nearest', fastShrinkOnLoad: false }).raw().toBuffer(),
  )
  return { mediaType, width, height }
}

/**
 * The decoded, upright, 8-bit sRGB picture as a sharp pipeline, for the code that goes on with its pixels.
 *
 * @throws ImageProblem as `inspectImage`; the picture is decoded in full before this returns.
 */
export async function imagePixels(bytes: Uint8Array, limits: ImageLimits = {}): Promise<Sharp> {
  const { pixels } = await openImage(bytes, limits)
  const { data, info } = await refused(() =>
    pixels.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true }),
  )
  const { width, height, channels } = info
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false }).toColourspace('srgb')
}

async function openImage(
  bytes: Uint8Array,
  limits: ImageLimits,
): Promise<InspectedImage & { pixels: Sharp }> {
  const maxBytes = limits.maxBytes ?? defaultMaxBytes
  const maxPixels = limits.maxPixels ?? defaultMaxPixels
  if (bytes.length > maxBytes) {
    throw new ImageProblem(
      'too-many-bytes',
      `This file has ${megabytes(bytes.length)} MB; at most ${megabytes(maxBytes)} MB are accepted. Save it smaller.`,
    )
  }
  const mediaType = imageTypeOf(bytes)
  if (mediaType === 'image/bmp') {
    const header = readBmpHeader(bytes)
    checkPixels(header.width, header.height, maxPixels)
    const { width, height, data } = decodeBmp(bytes)
    return {
      mediaType,
      width,
      height,
      pixels: sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false }),
    }
  }
  // Warnings are tolerated (cameras write odd metadata); errors and missing data are not.
  const file = sharp(bytes, { failOn: 'error', limitInputPixels: false, pages: 1, autoOrient: true })
  const metadata = await refused(() => file.metadata())
  const { width, height } = uprightSize(metadata)
  checkPixels(width, height, maxPixels)
  return { mediaType, width, height, pixels: file.toColourspace('srgb') }
}

function uprightSize(metadata: Metadata): { width: number; height: number } {
  const height = metadata.pageHeight ?? metadata.height
  const turned = (metadata.orientation ?? 1) >= 5
  return turned ? { width: height, height: metadata.width } : { width: metadata.width, height }
}

function checkPixels(width: number, height: number, maxPixels: number): void {
  if (width * height <= maxPixels) return
  throw new ImageProblem(
    'too-many-pixels',
    `This picture has ${width} × ${height} pixels (${megapixels(width * height)} megapixels); ` +
      `at most ${megapixels(maxPixels)} megapixels are accepted. Make it smaller and try again.`,
  )
}

/** The file's type is known by now, so whatever the decoder dislikes is damage. */
async function refused<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode()
  } catch (error) {
    const detail = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    throw new ImageProblem(
      'truncated',
      `This picture is cut off or damaged (${detail}). Copy or export it again and try once more.`,
      { cause: error },
    )
  }
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1e5) / 10
const megapixels = (pixels: number) => Math.ceil(pixels / 1e5) / 10
