/** Puts a picture with transparency on a plain colour. */
import type { RgbaImage, RgbImage } from './raster.ts'

/** @param colour as #rrggbb. Blended as sRGB bytes, as browsers and image viewers blend. */
export function onColour({ width, height, data }: RgbaImage, colour: string): RgbImage {
  const ground = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  const out = new Uint8Array(3 * width * height)
  for (let i = 0; i < width * height; i++) {
    const alpha = data[4 * i + 3]! / 255
    for (let c = 0; c < 3; c++)
      out[3 * i + c] = Math.round(alpha * data[4 * i + c]! + (1 - alpha) * ground[c]!)
  }
  return { width, height, data: out }
}

/** Whether nothing shines through anywhere. */
export function isOpaque({ data }: RgbaImage): boolean {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}
