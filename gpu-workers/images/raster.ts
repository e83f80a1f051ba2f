/** The pixels that tools work on: plain buffers, so that no tool depends on a codec. */

/** An opaque picture: rows from the top, three bytes R, G, B per pixel, sRGB. */
export interface RgbImage {
  width: number
  height: number
  data: Uint8Array | Uint8ClampedArray
}

/** A picture with transparency: four bytes R, G, B, A per pixel, sRGB, colours not premultiplied. */
export interface RgbaImage {
  width: number
  height: number
  data: Uint8Array | Uint8ClampedArray
}

/** One byte per pixel: 255 (white) where something may change or has changed, 0 (black) elsewhere. */
export interface GrayMask {
  width: number
  height: number
  data: Uint8Array
}

/** A mask value from here up counts as white. */
export const whiteFrom = 128

/** An all-black mask. */
export function createMask(width: number, height: number): GrayMask {
  return { width, height, data: new Uint8Array(width * height) }
}

/** How many pixels of the mask are white. */
export function countWhite(mask: GrayMask): number {
  let count = 0
  for (const value of mask.data) if (value >= whiteFrom) count++
  return count
}
