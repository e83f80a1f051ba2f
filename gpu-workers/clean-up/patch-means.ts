/** The mean colour of the patch around every pixel: matching compares patterns, whatever light they lie in. */
import type { Level } from './pyramid.ts'

/**
 * Three means (R, G, B) for each pixel, over the patch's part inside the picture; by a summed-area table, so that the
 * time does not grow with the radius (Crow, 1984).
 *
 * @param means Written to; 3 × the number of pixels.
 */
export function measureMeans({ width, height, pixels }: Level, radius: number, means: Float32Array): void {
  const stride = (width + 1) * 3
  const sums = sumTable(pixels, width, height, stride)
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - radius)
    const bottom = Math.min(height, y + radius + 1)
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - radius)
      const right = Math.min(width, x + radius + 1)
      const count = (bottom - top) * (right - left)
      for (let c = 0; c < 3; c++) {
        const sum =
          sums[bottom * stride + right * 3 + c]! -
          sums[top * stride + right * 3 + c]! -
          sums[bottom * stride + left * 3 + c]! +
          sums[top * stride + left * 3 + c]!
        means[(y * width + x) * 3 + c] = sum / count
      }
    }
  }
}

/** At row y and column x: the sum of all pixels above and to the left. */
function sumTable(pixels: Uint8Array, width: number, height: number, stride: number): Float64Array {
  const sums = new Float64Array(stride * (height + 1))
  for (let y = 0; y < height; y++) {
    let red = 0
    let green = 0
    let blue = 0
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3
      red += pixels[from]!
      green += pixels[from + 1]!
      blue += pixels[from + 2]!
      const to = (y + 1) * stride + (x + 1) * 3
      sums[to] = sums[to - stride]! + red
      sums[to + 1] = sums[to + 1 - stride]! + green
      sums[to + 2] = sums[to + 2 - stride]! + blue
    }
  }
  return sums
}
