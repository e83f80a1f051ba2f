/** Brings a mask to the size of its picture, or says that it belongs to another one. */
import { StudioError } from '@defect-studio/nodes'
import type { GrayMask } from './images/raster.ts'

/** Proportions may differ by so much: a picture that was made smaller has whole pixels. */
const tolerance = 0.01

/**
 * The mask at the picture's size. One of the same proportions is stretched by nearest neighbour, which keeps it
 * black and white.
 * @throws StudioError 'size-mismatch' naming both sizes.
 */
export function fitMask(mask: GrayMask, width: number, height: number): GrayMask {
  if (mask.width === width && mask.height === height) return mask
  const ratio = mask.width / mask.height / (width / height)
  if (Math.abs(ratio - 1) > tolerance)
    throw new StudioError(
      'size-mismatch',
      `The mask has ${mask.width} × ${mask.height} pixels, the picture ${width} × ${height}: they do not belong together.`,
    )
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const row = Math.floor(((y + 0.5) * mask.height) / height) * mask.width
    for (let x = 0; x < width; x++)
      data[y * width + x] = mask.data[row + Math.floor(((x + 0.5) * mask.width) / width)] ?? 0
  }
  return { width, height, data }
}
