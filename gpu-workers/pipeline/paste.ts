/** Cuts pictures out of and puts them into others, byte by byte. */
import type { PixelBox } from '../images/pixel-box.ts'
import type { RgbImage } from '../images/raster.ts'

/** Puts `part`, which has the box's size, into `image` itself: a photo of many megapixels is not copied for a spot. */
export function pasteInto(image: RgbImage, part: RgbImage, box: PixelBox): void {
  for (let y = 0; y < box.height; y++) {
    const row = part.data.subarray(y * box.width * 3, (y + 1) * box.width * 3)
    image.data.set(row, ((box.y + y) * image.width + box.x) * 3)
  }
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
