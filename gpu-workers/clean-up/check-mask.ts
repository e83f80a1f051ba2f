/** Refuses masks that no filling from the surroundings can work with. */
import { StudioError } from '@defect-studio/nodes'
import { countWhite, type GrayMask, type RgbImage } from '../images/raster.ts'

/** @throws StudioError 'size-mismatch' when photo and mask differ in size, 'invalid-input' when all is white. */
export function checkMask(image: RgbImage, mask: GrayMask): void {
  if (mask.width !== image.width || mask.height !== image.height) {
    throw new StudioError(
      'size-mismatch',
      `The mask has ${mask.width} × ${mask.height} pixels, the photo ${image.width} × ${image.height}.`,
    )
  }
  if (countWhite(mask) === mask.data.length) {
    throw new StudioError(
      'invalid-input',
      'The mask is white everywhere, so there is nothing to copy from. Mark only what is to go.',
    )
  }
}
