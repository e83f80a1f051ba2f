/** Fills a hole smoothly from its edge inwards: quick, good for thin scratches, blurred on large holes. */
import { loadOpenCv, type Matrix } from './open-cv.ts'
import type { Level } from './pyramid.ts'

/** How far around a pixel known colours are gathered, in pixels. */
const gatherRadius = 5

/**
 * Fills the hole of the level in place, as OpenCV computes it: `telea` is the fast marching method (Telea, 2004),
 * `navier-stokes` carries lines of equal brightness on like a flow (Bertalmio, Bertozzi, Sapiro, 2001).
 */
export async function fillWithOpenCv(level: Level, method: 'telea' | 'navier-stokes'): Promise<void> {
  const { openCv } = await loadOpenCv()
  const matrices: Matrix[] = []
  const keep = (matrix: Matrix) => {
    matrices.push(matrix)
    return matrix
  }
  try {
    const source = keep(new openCv.Mat(level.height, level.width, openCv.CV_8UC3))
    const mask = keep(new openCv.Mat(level.height, level.width, openCv.CV_8UC1))
    const target = keep(new openCv.Mat())
    source.data.set(level.pixels)
    mask.data.set(level.hole)
    openCv.inpaint(
      source,
      mask,
      target,
      gatherRadius,
      method === 'telea' ? openCv.INPAINT_TELEA : openCv.INPAINT_NS,
    )
    level.pixels.set(target.data)
  } finally {
    for (const matrix of matrices) matrix.delete()
  }
}
