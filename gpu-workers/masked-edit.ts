/** Changes a photo inside a mask and nowhere else: opens both files, and closes with a picture that is proven. */
import type { Comparison, Picture } from '@defect-studio/activities/inference'
import { StudioError } from '@defect-studio/nodes'
import { fitMask } from './fit-mask.ts'
import { decodeMask, decodeRgba } from './images/decode-image.ts'
import { encodePng, encodeRgbaPng } from './images/encode-png.ts'
import { countWhite, whiteFrom, type GrayMask, type RgbaImage, type RgbImage } from './images/raster.ts'
import { certify } from './masks/certify.ts'

export interface MaskedEdit {
  /** What a tool sees: the photo with transparent places on white. */
  photo: RgbImage
  /** At the photo's size, black (0) and white (255), with at least one white pixel. */
  mask: GrayMask
  /** Sentences for the person, such as that the mask was stretched. */
  notes: string[]
  /** Takes `edited` where the mask is white and the photo's own bytes elsewhere; as often as there are pictures. */
  finish: (edited: RgbImage) => Promise<{ image: Picture; comparison: Comparison }>
}

/**
 * Transparency is never changed: where the photo is transparent, the mask changes what nobody sees, so it changes
 * nothing. A photo of 16 bits or in other colours was brought to 8-bit sRGB when it was decoded, and that is what the
 * picture is compared with.
 *
 * @throws ImageProblem when a file is no picture; StudioError 'size-mismatch' when the two do not belong together,
 * 'invalid-input' when the mask is all black.
 */
export async function openMaskedEdit(image: Uint8Array, maskFile: Uint8Array): Promise<MaskedEdit> {
  const [photo, drawn] = await Promise.all([decodeRgba(image), decodeMask(maskFile)])
  const { width, height } = photo
  const mask = blackAndWhite(fitMask(drawn, width, height))
  if (countWhite(mask) === 0) {
    throw new StudioError(
      'invalid-input',
      'The mask is all black, so there is nothing to change. Mark in white what is meant.',
    )
  }
  const stretched = drawn.width !== width || drawn.height !== height
  return {
    photo: onWhite(photo),
    mask,
    notes: stretched
      ? [`The mask of ${drawn.width} × ${drawn.height} pixels was brought to ${width} × ${height}.`]
      : [],
    async finish(edited) {
      const bytes = await encodeInside(photo, edited, mask)
      const comparison = await certify(photo, bytes, mask)
      return { image: { bytes, mediaType: 'image/png', width, height }, comparison }
    },
  }
}

function blackAndWhite({ width, height, data }: GrayMask): GrayMask {
  return { width, height, data: data.map((value) => (value >= whiteFrom ? 255 : 0)) }
}

function onWhite({ width, height, data }: RgbaImage): RgbImage {
  const out = new Uint8Array(width * height * 3)
  for (let i = 0, from = 0, to = 0; i < width * height; i++, from += 4, to += 3) {
    const opacity = data[from + 3]! / 255
    for (let c = 0; c < 3; c++) out[to + c] = Math.round(255 + (data[from + c]! - 255) * opacity)
  }
  return { width, height, data: out }
}

/** A PNG, with an alpha channel only where the photo needs one. */
async function encodeInside(
  photo: RgbaImage,
  edited: RgbImage,
  mask: GrayMask,
): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height } = photo
  if (edited.width !== width || edited.height !== height)
    throw new Error(
      `A tool gave ${edited.width} × ${edited.height} pixels for a photo of ${width} × ${height}.`,
    )
  const transparent = hasTransparency(photo)
  const channels = transparent ? 4 : 3
  const data = new Uint8Array(width * height * channels)
  for (let i = 0; i < width * height; i++) {
    const from = i * 4
    const to = i * channels
    const alpha = photo.data[from + 3]!
    const changes = mask.data[i]! >= whiteFrom && alpha > 0
    for (let c = 0; c < 3; c++)
      data[to + c] = changes ? offWhite(edited.data[i * 3 + c]!, alpha) : photo.data[from + c]!
    if (transparent) data[to + 3] = alpha
  }
  const out = { width, height, data }
  return transparent ? encodeRgbaPng(out) : encodePng(out)
}

/** The colour that gives `seen` when it lies on white with this alpha; a place that is opaque shows itself. */
function offWhite(seen: number, alpha: number): number {
  if (alpha === 255) return seen
  return Math.min(255, Math.max(0, Math.round(255 + ((seen - 255) * 255) / alpha)))
}

function hasTransparency({ data }: RgbaImage): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return true
  return false
}
