/** Takes a mask that a person drew and makes it fit to use: right size, black and white, not empty. */
import { StudioError } from '@defect-studio/nodes'
import { countWhite, whiteFrom, type GrayMask } from '../images/raster.ts'

/**
 * The drawn mask as clean black (0) and white (255) for a picture of `width` × `height` pixels.
 *
 * @throws StudioError 'size-mismatch' when it was drawn over a picture of another size (it is not stretched: a mask
 * half a pixel off marks the wrong thing), 'invalid-input' when nothing is drawn.
 */
export function checkDrawnMask(drawn: GrayMask, width: number, height: number): GrayMask {
  if (drawn.width !== width || drawn.height !== height) {
    throw new StudioError(
      'size-mismatch',
      `The mask was drawn over a picture of ${drawn.width} × ${drawn.height} pixels, but this picture has ` +
        `${width} × ${height}. Draw the mask again over this picture.`,
    )
  }
  if (countWhite(drawn) === 0) {
    throw new StudioError('invalid-input', 'The mask is empty: paint white over the place that is meant.')
  }
  return { width, height, data: Uint8Array.from(drawn.data, (value) => (value >= whiteFrom ? 255 : 0)) }
}
