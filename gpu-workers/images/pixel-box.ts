/** Rectangles of pixels: most tools touch a small part of a large photo and should pay for that part only. */
import { whiteFrom, type GrayMask, type RgbImage } from './raster.ts'

/** Columns `x` … `x + width − 1` and rows `y` … `y + height − 1`. */
export interface PixelBox {
  x: number
  y: number
  width: number
  height: number
}

/** The smallest box around the white pixels, or null when there is none. */
export function boxOfWhite(mask: GrayMask): PixelBox | null {
  const { width, height, data } = mask
  let left = width
  let right = -1
  let top = -1
  let bottom = -1
  for (let y = 0; y < height; y++) {
    const row = y * width
    for (let x = 0; x < width; x++) {
      if (data[row + x]! < whiteFrom) continue
      if (x < left) left = x
      if (x > right) right = x
      if (top < 0) top = y
      bottom = y
    }
  }
  return right < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 }
}

/** The box grown by `margin` pixels on each side, as far as the picture goes. */
export function growBox(box: PixelBox, margin: number, width: number, height: number): PixelBox {
  const x = Math.max(0, box.x - margin)
  const y = Math.max(0, box.y - margin)
  return {
    x,
    y,
    width: Math.min(width, box.x + box.width + margin) - x,
    height: Math.min(height, box.y + box.height + margin) - y,
  }
}

/** A copy of the part of the picture inside the box. */
export function cropImage(image: RgbImage, box: PixelBox): RgbImage {
  return { width: box.width, height: box.height, data: cropBytes(image.data, image.width, box, 3) }
}

/** A copy of the part of the mask inside the box. */
export function cropMask(mask: GrayMask, box: PixelBox): GrayMask {
  return { width: box.width, height: box.height, data: cropBytes(mask.data, mask.width, box, 1) }
}

function cropBytes(
  data: Uint8Array | Uint8ClampedArray,
  width: number,
  box: PixelBox,
  channels: number,
): Uint8Array {
  const out = new Uint8Array(box.width * box.height * channels)
  for (let y = 0; y < box.height; y++) {
    const from = ((box.y + y) * width + box.x) * channels
    out.set(data.subarray(from, from + box.width * channels), y * box.width * channels)
  }
  return out
}
