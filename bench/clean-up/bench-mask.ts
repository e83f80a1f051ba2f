/** Masks of a known share of the picture: one round hole, or many thin strokes, the two things that people mark. */
import { createSeededRandom } from '../../gpu-workers/defects/seeded-random.ts'
import { createMask, type GrayMask } from '../../gpu-workers/images/raster.ts'

/** @param share Of the picture's pixels that are white: exact to a pixel's rim for the disc, at least it for strokes. */
export function benchMask(shape: 'disc' | 'strokes', width: number, height: number, share: number): GrayMask {
  const mask = createMask(width, height)
  const wanted = share * width * height
  if (shape === 'disc') {
    stamp(mask, width / 2, height / 2, Math.sqrt(wanted / Math.PI))
    return mask
  }
  const random = createSeededRandom(7)
  for (let white = 0; white < wanted;) {
    const angle = random.between(0, 2 * Math.PI)
    const length = random.between(0.1, 0.3) * Math.min(width, height)
    let x = random.between(0, width)
    let y = random.between(0, height)
    for (let step = 0; step < length; step++) {
      white += stamp(mask, x, y, 6)
      x += Math.cos(angle)
      y += Math.sin(angle)
    }
  }
  return mask
}

/** @returns how many pixels became white. */
function stamp({ width, height, data }: GrayMask, x: number, y: number, radius: number): number {
  let fresh = 0
  for (let row = Math.max(0, Math.ceil(y - radius)); row <= Math.min(height - 1, y + radius); row++) {
    for (
      let column = Math.max(0, Math.ceil(x - radius));
      column <= Math.min(width - 1, x + radius);
      column++
    ) {
      if (Math.hypot(column - x, row - y) > radius || data[row * width + column] === 255) continue
      data[row * width + column] = 255
      fresh++
    }
  }
  return fresh
}
