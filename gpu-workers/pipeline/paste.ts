/** Cuts pictures out of and puts them into others, byte by byte. */
import type { PixelBox } from '../images/pixel-box.ts'
import type { RgbImage } from '../images/raster.ts'

/** A copy of `image` with `part`, which has the box's size, at the box. */
export function pasteInto(image: RgbImage, part: RgbImage, box: PixelBox): RgbImage {
  const data = new Uint8Array(image.data)
  for (let y = 0; y < box.height; y++) {
    const row = part.data.subarray(y * box.width * 3, (y + 1) * box.width * 3)
    data.set(row, ((box.y + y) * image.width + box.x) * 3)
  }
  return { width: image.width, height: image.height, data }
}

/** The box of this size in the middle of a picture. */
export function middleBox(
  picture: { width: number; height: number },
  { width, height }: { width: number; height: number },
): PixelBox {
  return {
    x: Math.floor((picture.width - width) / 2),
    y: Math.floor((picture.height - height) / 2),
    width,
    height,
  }
}
