/** Cuts the part in a photo out of its background with a network that gives an alpha matte. */
import type { GrayMask, RgbaImage, RgbImage } from '../images/raster.ts'
import { resizeImage } from '../images/resize-image.ts'
import type { MattingModel } from './matting-model.ts'
import { refineAlpha } from './refine-alpha.ts'

export type CutOut = {
  /** The photo with alpha, at its own size, colours untouched. */
  image: RgbaImage
  /** The alpha as a mask: 255 where the part is. */
  mask: GrayMask
}

/** @throws StudioError 'model-broken' when the net's answer is not an alpha matte. */
export async function removeBackground(model: MattingModel, photo: RgbImage): Promise<CutOut> {
  const size = model.netSize(photo)
  const coarse = await model.matte(await resizeImage(photo, size.width, size.height))
  const small = await resizeImage(photo, coarse.width, coarse.height)
  const alpha = refineAlpha(coarse, small, photo)
  const { width, height } = photo
  const rgba = new Uint8Array(4 * width * height)
  const mask = new Uint8Array(width * height)
  for (let i = 0; i < mask.length; i++) {
    mask[i] = Math.round(alpha.data[i]! * 255)
    rgba.set(photo.data.subarray(3 * i, 3 * i + 3), 4 * i)
    rgba[4 * i + 3] = mask[i]!
  }
  return { image: { width, height, data: rgba }, mask: { width, height, data: mask } }
}
