/** Makes a photo two, three or four times as large, its transparency with it. */
import { StudioError } from '@defect-studio/nodes'
import { defaultMaxPixels } from '@defect-studio/stores/artifacts/inspect-image'
import { isOpaque } from '../images/on-colour.ts'
import type { RgbaImage, RgbImage } from '../images/raster.ts'
import { resizeMask } from '../images/resize-image.ts'
import { coloursUnderGlass } from './colours-under-glass.ts'
import { enlargeTiles, type Watched } from './enlarge-tiles.ts'
import type { SuperResolutionModel } from './super-resolution-model.ts'

/**
 * @param factor 2 … the model's own scale.
 * @returns exactly `factor` times the photo's width and height.
 * @throws StudioError 'invalid-input' when the result would be larger than what the studio opens, or when the model
 *   does not enlarge so far; the signal's reason between two pieces.
 */
export async function upscale(
  model: SuperResolutionModel,
  photo: RgbaImage,
  factor: number,
  watched: Watched,
): Promise<RgbaImage> {
  const { scale } = model.config
  if (factor > scale) {
    throw new StudioError(
      'invalid-input',
      `This model enlarges ${scale} times at most; ${factor} times was asked for. Choose a smaller factor or another model.`,
    )
  }
  const [width, height] = [photo.width * factor, photo.height * factor]
  if (width * height > defaultMaxPixels) {
    throw new StudioError(
      'invalid-input',
      `${photo.width} × ${photo.height} enlarged ${factor} times is ${width} × ${height}; a picture may have ` +
        `${defaultMaxPixels / 1e6} million pixels. Choose a smaller factor, or crop the photo.`,
    )
  }
  if (isOpaque(photo)) return joined(await enlargeTiles(model, opaque(photo), factor, watched), undefined)
  const alpha = await enlargedAlpha(photo, width, height)
  return joined(await enlargeTiles(model, coloursUnderGlass(photo), factor, watched), alpha)
}

function opaque({ width, height, data }: RgbaImage): RgbImage {
  const colours = new Uint8Array(3 * width * height)
  for (let i = 0; i < width * height; i++) colours.set(data.subarray(4 * i, 4 * i + 3), 3 * i)
  return { width, height, data: colours }
}

/** Alpha is interpolated: a net for colours would invent texture in it. */
async function enlargedAlpha(
  { width, height, data }: RgbaImage,
  toWidth: number,
  toHeight: number,
): Promise<Uint8Array> {
  const alpha = new Uint8Array(width * height)
  for (let i = 0; i < alpha.length; i++) alpha[i] = data[4 * i + 3]!
  return (await resizeMask({ width, height, data: alpha }, toWidth, toHeight)).data
}

function joined({ width, height, data }: RgbImage, alpha: Uint8Array | undefined): RgbaImage {
  const out = new Uint8Array(4 * width * height)
  for (let i = 0; i < width * height; i++) {
    out[4 * i] = data[3 * i]!
    out[4 * i + 1] = data[3 * i + 1]!
    out[4 * i + 2] = data[3 * i + 2]!
    out[4 * i + 3] = alpha ? alpha[i]! : 255
  }
  return { width, height, data: out }
}
