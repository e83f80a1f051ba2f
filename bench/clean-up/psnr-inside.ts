/** How close a filling is to what was there. */
import { whiteFrom, type GrayMask, type RgbImage } from '../../gpu-workers/images/raster.ts'

/** A filling that is all but equal would otherwise outweigh every other in a mean. */
const most = 60

/** Peak signal-to-noise ratio over the white pixels, dB, at most 60. */
export function psnrInside(truth: RgbImage, made: RgbImage, mask: GrayMask): number {
  let sum = 0
  let count = 0
  mask.data.forEach((value, i) => {
    if (value < whiteFrom) return
    for (let c = i * 3; c < i * 3 + 3; c++) sum += (truth.data[c]! - made.data[c]!) ** 2
    count += 3
  })
  return Math.min(most, 10 * Math.log10((255 * 255 * count) / (sum + 1e-9)))
}
