/** Bytes side by side ↔ planes of floats. */
import type { RgbImage } from '../images/raster.ts'
import type { PixelPlanes } from './vae.ts'

/** Bytes 0 … 255 → planes −1 … 1. */
export function toPlanes({ width, height, data }: RgbImage): PixelPlanes {
  const size = width * height
  const planes = new Float32Array(3 * size)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) planes[c * size + i] = (2 * data[3 * i + c]!) / 255 - 1
  }
  return { width, height, data: planes }
}

/** Planes 0 … 1 → bytes, rounded. */
export function toRgbImage({ width, height, data }: PixelPlanes): RgbImage {
  const size = width * height
  const bytes = new Uint8Array(3 * size)
  for (let i = 0; i < size; i++) {
    for (let c = 0; c < 3; c++) bytes[3 * i + c] = Math.round(data[c * size + i]! * 255)
  }
  return { width, height, data: bytes }
}
