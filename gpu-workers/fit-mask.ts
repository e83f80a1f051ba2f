/** Brings a mask to the size of its picture, or says that it belongs to another one. */
import { StudioError } from '@defect-studio/nodes'
import type { GrayMask } from './images/raster.ts'

/** Proportions may differ by so much: a picture that was made smaller has whole pixels. */
const tolerance = 0.01

/**
 * The mask at the picture's size. One of the same proportions is stretched by nearest neighbour, which keeps it black
 * and white; when it shrinks, a pixel takes the brightest of those that it covers, so that a thin line stays.
 *
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
  const rows = spans(mask.height, height)
  const columns = spans(mask.width, width)
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data[y * width + x] = brightest(mask, rows[y]!, columns[x]!)
  }
  return { width, height, data }
}

interface Span {
  from: number
  /** The first that no longer belongs to it. */
  to: number
}

/** For each of `to` new pixels the old ones that it covers; the one at its middle when it covers less than one. */
function spans(from: number, to: number): Span[] {
  return Array.from({ length: to }, (_, i) => {
    if (from <= to) {
      const middle = Math.floor(((i + 0.5) * from) / to)
      return { from: middle, to: middle + 1 }
    }
    return { from: Math.floor((i * from) / to), to: Math.ceil(((i + 1) * from) / to) }
  })
}

function brightest({ width, data }: GrayMask, rows: Span, columns: Span): number {
  let most = 0
  for (let y = rows.from; y < rows.to; y++)
    for (let x = columns.from; x < columns.to; x++) most = Math.max(most, data[y * width + x]!)
  return most
}
