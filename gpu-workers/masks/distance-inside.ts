/** How far each white pixel lies from the nearest black one: for feathering and for finding room inside a mask. */
import { whiteFrom, type GrayMask } from '../images/raster.ts'

/**
 * Distances in pixels, 0 at black pixels; the outside of the picture does not count as black unless `edgeIsBlack`.
 *
 * Chamfer distance with steps 1 and √2 (Borgefors, 1986): within 8 % of the Euclidean distance, in two passes.
 */
export function distanceInside(mask: GrayMask, edgeIsBlack = false): Float32Array {
  const { width, height, data } = mask
  const far = width + height
  const distance = new Float32Array(width * height)
  const outside = edgeIsBlack ? 0 : far
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= width || y >= height ? outside : distance[y * width + x]!
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (data[i]! < whiteFrom) continue
      distance[i] = Math.min(
        far,
        at(x - 1, y) + 1,
        at(x, y - 1) + 1,
        at(x - 1, y - 1) + Math.SQRT2,
        at(x + 1, y - 1) + Math.SQRT2,
      )
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x
      if (distance[i] === 0) continue
      distance[i] = Math.min(
        distance[i]!,
        at(x + 1, y) + 1,
        at(x, y + 1) + 1,
        at(x + 1, y + 1) + Math.SQRT2,
        at(x - 1, y + 1) + Math.SQRT2,
      )
    }
  }
  return distance
}
