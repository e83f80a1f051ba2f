/** Gives transparent pixels the colours of their neighbours, since what lies under glass is often black. */
import type { RgbaImage, RgbImage } from '../images/raster.ts'

// How far an enlarged edge can take colours from, in pixels of the small photo; beyond it nothing shows.
const REACH = 8

/** The photo without alpha: each transparent pixel near an edge is the mean of its neighbours that have a colour. */
export function coloursUnderGlass({ width, height, data }: RgbaImage): RgbImage {
  const colours = new Uint8Array(3 * width * height)
  const known = new Uint8Array(width * height)
  let edge: number[] = []
  for (let i = 0; i < known.length; i++) {
    colours.set(data.subarray(4 * i, 4 * i + 3), 3 * i)
    if (data[4 * i + 3]! > 0) known[i] = 1
  }
  for (let i = 0; i < known.length; i++) if (!known[i] && neighbours(i).some((j) => known[j])) edge.push(i)

  for (let ring = 0; ring < REACH && edge.length > 0; ring++) {
    for (const i of edge) {
      const near = neighbours(i).filter((j) => known[j])
      for (let c = 0; c < 3; c++)
        colours[3 * i + c] = near.reduce((sum, j) => sum + colours[3 * j + c]!, 0) / near.length
    }
    for (const i of edge) known[i] = 1
    edge = [...new Set(edge.flatMap((i) => neighbours(i).filter((j) => !known[j])))]
  }
  return { width, height, data: colours }

  function neighbours(i: number): number[] {
    const x = i % width
    const out: number[] = []
    if (x > 0) out.push(i - 1)
    if (x < width - 1) out.push(i + 1)
    if (i >= width) out.push(i - width)
    if (i < width * (height - 1)) out.push(i + width)
    return out
  }
}
