/** Proves, on the file that goes out, that nothing but the marked place has changed. */
import type { Comparison } from '@defect-studio/activities/inference'
import { StudioError } from '@defect-studio/nodes'
import { decodeRgba } from '../images/decode-image.ts'
import { countWhite, whiteFrom, type GrayMask, type RgbaImage } from '../images/raster.ts'

/**
 * Decodes the finished file and compares it with the photo, byte for byte, alpha too.
 *
 * @param photo As decoded: 8-bit sRGB, upright.
 * @param file The picture as it will be stored.
 * @throws StudioError 'internal' when one pixel outside the mask differs, or the size does: such a picture must not
 * reach anybody.
 */
export async function certify(photo: RgbaImage, file: Uint8Array, mask: GrayMask): Promise<Comparison> {
  const made = await decodeRgba(file, { maxPixels: Infinity, maxBytes: Infinity })
  if ([made, mask].some(({ width, height }) => width !== photo.width || height !== photo.height)) {
    throw new StudioError('internal', 'The new picture or its mask has another size than the photo.')
  }
  const before = words(photo)
  const after = words(made)
  let outside = 0
  let changedInside = 0
  for (let i = 0; i < before.length; i++) {
    if (before[i] === after[i]) continue
    if (mask.data[i]! >= whiteFrom) changedInside++
    else outside++
  }
  if (outside > 0) {
    throw new StudioError(
      'internal',
      `${outside} ${outside === 1 ? 'pixel' : 'pixels'} outside the mask changed, so the picture was thrown away.`,
    )
  }
  return { changedOutside: 0, changedInside, inside: countWhite(mask) }
}

/** Four bytes as one number: a pixel is compared at once. */
function words({ data, width, height }: RgbaImage): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, width * height)
}
