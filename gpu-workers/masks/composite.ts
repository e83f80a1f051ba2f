/** Puts a generated picture back into the original inside the mask only: what was not marked stays as it was. */
import { StudioError } from '@defect-studio/nodes'
import { whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import { distanceInside } from './distance-inside.ts'

export interface Composite {
  image: RgbImage
  /** Pixels outside the mask that differ from the original: counted, not assumed; 0 unless the code is wrong. */
  changedOutside: number
}

/**
 * The original with `generated` where the mask is white.
 *
 * @param feather Width in pixels (≥ 0) of the blend, counted inwards from the mask's edge; outside nothing changes.
 * @throws StudioError 'size-mismatch' unless the three have one size.
 */
export function compositeInside(
  original: RgbImage,
  generated: RgbImage,
  mask: GrayMask,
  feather = 0,
): Composite {
  const { width, height } = original
  if ([generated, mask].some((other) => other.width !== width || other.height !== height)) {
    throw new StudioError(
      'size-mismatch',
      `Picture ${width} × ${height}, new picture ${generated.width} × ${generated.height} and ` +
        `mask ${mask.width} × ${mask.height} must have one size.`,
    )
  }
  const data = new Uint8Array(original.data)
  const distance = feather > 0 ? distanceInside(mask) : null
  for (let i = 0, p = 0; i < mask.data.length; i++, p += 3) {
    if (mask.data[i]! < whiteFrom) continue
    const share = distance ? Math.min(1, distance[i]! / (feather + 1)) : 1
    for (let c = p; c < p + 3; c++) {
      data[c] = Math.round(original.data[c]! + (generated.data[c]! - original.data[c]!) * share)
    }
  }
  const image = { width, height, data }
  return { image, changedOutside: countChangedOutside(original, image, mask) }
}

/** How many pixels differ where the mask is black. */
export function countChangedOutside(before: RgbImage, after: RgbImage, mask: GrayMask): number {
  let changed = 0
  for (let i = 0, p = 0; i < mask.data.length; i++, p += 3) {
    if (mask.data[i]! >= whiteFrom) continue
    const same =
      before.data[p] === after.data[p] &&
      before.data[p + 1] === after.data[p + 1] &&
      before.data[p + 2] === after.data[p + 2]
    if (!same) changed++
  }
  return changed
}
