/** Small rendered surfaces for tests: textures whose true pixels are known, at any size. */
import { createFractalNoise } from '../defects/noise.ts'
import type { RgbImage } from './raster.ts'

/** Brightness 0 … 1 at a pixel. */
type Surface = (x: number, y: number) => number

const surfaces = {
  'brushed metal'() {
    const lines = createFractalNoise(11, 3)
    return (x, y) => 0.55 + 0.14 * lines(x / 90, y / 1.7)
  },
  checks: () => (x, y) => (((x >> 3) + (y >> 3)) % 2 === 0 ? 0.8 : 0.25),
  tiles: () => (x, y) => (x % 20 < 2 || y % 20 < 2 ? 0.2 : 0.75 - 0.01 * (x % 20)),
  weave() {
    const fibre = createFractalNoise(7, 2)
    return (x, y) => {
      const over = ((x >> 2) + (y >> 2)) % 2 === 0
      return 0.35 + 0.4 * Math.sin((((over ? y : x) & 3) + 0.5) * 0.785) + 0.04 * fibre(x / 2, y / 2)
    }
  },
  plain: () => () => 0.5,
} satisfies Record<string, () => Surface>

export type TestSurface = keyof typeof surfaces

/** A photo of the surface, warm grey, lit a little more at its left. */
export function renderTestPhoto(surface: TestSurface, width: number, height: number): RgbImage {
  const brightness = surfaces[surface]()
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = 255 * brightness(x, y) * (1.08 - (0.16 * x) / width)
      data.set(
        [value, value * 0.96, value * 0.9].map((v) => Math.max(0, Math.min(255, Math.round(v)))),
        (y * width + x) * 3,
      )
    }
  }
  return { width, height, data }
}
