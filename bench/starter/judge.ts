/** Asks the judge, a small net that was trained before the generator was tuned, what pictures show. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { whiteFrom, type GrayMask, type RgbImage } from '../../gpu-workers/images/raster.ts'
import { openSession } from '../../gpu-workers/runtime/session.ts'

const About = z.object({
  thresholds: z.object({ defective: z.number(), inside: z.number() }),
  strongest_places: z.int(),
  examination: z.record(z.string(), z.unknown()),
})

/** What the judge says of one picture; numbers are places in the lists of surfaces and defects. */
export type Verdict = {
  surface: number
  /** The kind it would be if it is a defect. */
  defect: number
  /** Surer of a defect than of nearly every good render. */
  isDefective: boolean
  /** Whether it finds a defect where the mask is white; false without a mask. */
  isInside: boolean
}

export type Judge = {
  examination: Record<string, unknown>
  /** Pictures of 128 × 128; masks of the same size, one for each picture or none. */
  readonly judge: (pictures: readonly RgbImage[], masks?: readonly GrayMask[]) => Promise<Verdict[]>
  readonly dispose: () => Promise<void>
}

const SIDE = 128
const AT_ONCE = 16

export async function openJudge(folder: string, threads: number): Promise<Judge> {
  const about = About.parse(JSON.parse(await readFile(join(folder, 'judge.json'), 'utf8')))
  const session = await openSession(join(folder, 'judge.onnx'), { provider: 'cpu', threads })

  async function judgeSome(pictures: readonly RgbImage[], masks?: readonly GrayMask[]): Promise<Verdict[]> {
    const picture = { data: toPlanes(pictures), shape: [pictures.length, 3, SIDE, SIDE] }
    const { surface, state, places } = await session.run({ picture })
    if (!surface || !state || !places)
      throw new Error('The judge does not answer with surface, state, places.')
    return pictures.map((_, i) => {
      const states = row(state.data, i, pictures.length)
      const mask = masks?.[i]
      const strength = mask
        ? strongestInside(row(places.data, i, pictures.length), mask, about.strongest_places)
        : 0
      return {
        surface: largest(row(surface.data, i, pictures.length)),
        defect: largest(states.subarray(1)),
        isDefective: 1 - states[0]! > about.thresholds.defective,
        isInside: strength > about.thresholds.inside,
      }
    })
  }

  return {
    examination: about.examination,
    async judge(pictures, masks) {
      const verdicts: Verdict[] = []
      for (let i = 0; i < pictures.length; i += AT_ONCE)
        verdicts.push(...(await judgeSome(pictures.slice(i, i + AT_ONCE), masks?.slice(i, i + AT_ONCE))))
      return verdicts
    },
    dispose: session.dispose,
  }
}

/** Planes of −1 … 1. */
function toPlanes(pictures: readonly RgbImage[]): Float32Array {
  const plane = SIDE * SIDE
  const out = new Float32Array(pictures.length * 3 * plane)
  for (const [i, { width, height, data }] of pictures.entries()) {
    if (width !== SIDE || height !== SIDE)
      throw new Error(`The judge sees 128 × 128, not ${width} × ${height}.`)
    for (let at = 0; at < plane; at++)
      for (let c = 0; c < 3; c++) out[(i * 3 + c) * plane + at] = data[at * 3 + c]! / 127.5 - 1
  }
  return out
}

/** The mean of the strongest places inside the mask; a place is two by two pixels, and one white pixel opens it. */
function strongestInside(places: Float32Array, mask: GrayMask, count: number): number {
  const half = SIDE / 2
  const seen = places.map((value, place) => {
    const at = Math.floor(place / half) * 2 * SIDE + (place % half) * 2
    const isWhite = [at, at + 1, at + SIDE, at + SIDE + 1].some((pixel) => mask.data[pixel]! >= whiteFrom)
    return isWhite ? value : 0
  })
  return (
    seen
      .toSorted()
      .slice(-count)
      .reduce((sum, value) => sum + value, 0) / count
  )
}

function row(data: Float32Array, i: number, rows: number): Float32Array {
  const size = data.length / rows
  return data.subarray(i * size, (i + 1) * size)
}

function largest(values: Float32Array): number {
  return values.indexOf(Math.max(...values))
}
