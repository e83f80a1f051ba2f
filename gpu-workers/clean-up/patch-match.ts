/** Fills a hole with texture from around it: PatchMatch inside a coarse-to-fine pyramid. */
import { createSeededRandom, type SeededRandom } from '../defects/seeded-random.ts'
import { distanceInside } from '../masks/distance-inside.ts'
import { fillByExemplars } from './fill-by-exemplars.ts'
import { fillSmoothly } from './fill-smoothly.ts'
import type { Pace } from './pace.ts'
import {
  createPatchField,
  improveMatches,
  inheritMatches,
  measureMatches,
  type PatchField,
} from './patch-field.ts'
import { buildPyramid, type Level } from './pyramid.ts'
import { voteForPixels } from './vote.ts'

/** Holes up to this many pixels are filled several times at this size; larger ones would take too long. */
const pixelsToRetry = 25_000
/** Holes up to this many pixels may start from exemplars, whose time grows fastest. */
const pixelsForExemplars = 4000

/** At the very end nearly the best patch alone gives a pixel: a mean of many would be smoother than the material. */
const lastSharpness = 40

interface Filled {
  level: Level
  field: PatchField
}

/**
 * Fills the hole of `finest` in place; known pixels are only read.
 *
 * What the small sizes decide is never mended at the large ones, and it depends on luck and on where one starts. So the
 * hole is filled several times, from different starts, up to a size where that is still cheap (full size for small
 * holes); the filling whose patches look most like known ones is kept and carried on.
 *
 * @param onProgress Told the part that is done, 0 … 1.
 */
export async function fillByPatches(
  finest: Level,
  seed: number,
  pace: Pace,
  onProgress: (part: number) => void,
): Promise<void> {
  const random = createSeededRandom(seed)
  const levels = buildPyramid(finest)
  const { starts, decidedAt } = planStarts(levels)
  let best: Filled | null = null
  let lowest = Infinity
  for (const [done, start] of starts.entries()) {
    const filled = await fillFrom(levels, start, decidedAt, random, pace)
    const cost = starts.length > 1 ? meanCost(filled) : 0
    if (cost < lowest) {
      lowest = cost
      best = filled
    }
    onProgress((done + 1) / (starts.length + decidedAt))
  }
  for (let depth = decidedAt - 1; depth >= 0; depth--) {
    best = await fillLevel(copyOf(levels[depth]!), best, depth, random, pace)
    onProgress((starts.length + decidedAt - depth) / (starts.length + decidedAt))
  }
  if (best) finest.pixels.set(best.level.pixels)
}

interface Start {
  depth: number
  /** First guess by exemplars, which draws lines through the hole; smooth otherwise. */
  carriesLines: boolean
}

/** From which sizes, and how, to start; and at which size the fillings are compared. */
function planStarts(levels: Level[]): { starts: Start[]; decidedAt: number } {
  const last = levels.length - 1
  const holePixels = levels.map((level) => level.hole.reduce((sum, hole) => sum + hole, 0))
  const cheap = holePixels.findIndex((count) => count <= pixelsToRetry)
  const decidedAt = cheap < 0 ? last : cheap
  const starts: Start[] = []
  for (let depth = last; depth >= Math.max(decidedAt, last - 3); depth--) {
    if (holePixels[depth]! <= pixelsForExemplars) starts.push({ depth, carriesLines: true })
    if (depth >= last - 1) starts.push({ depth, carriesLines: false })
  }
  return { starts, decidedAt }
}

async function fillFrom(
  levels: Level[],
  start: Start,
  to: number,
  random: SeededRandom,
  pace: Pace,
): Promise<Filled> {
  const level = copyOf(levels[start.depth]!)
  if (!(start.carriesLines && fillByExemplars(level))) fillSmoothly(level)
  let filled = await fillLevel(level, null, start.depth, random, pace)
  for (let depth = start.depth - 1; depth >= to; depth--) {
    filled = await fillLevel(copyOf(levels[depth]!), filled, depth, random, pace)
  }
  return filled
}

/** At one size, matching and voting alternate (expectation and maximisation) until the guess settles. */
async function fillLevel(
  level: Level,
  coarse: Filled | null,
  depth: number,
  random: SeededRandom,
  pace: Pace,
): Promise<Filled> {
  const field = createPatchField(level, random)
  const edgeDistance = distanceInside({ ...level, data: level.hole.map((hole) => hole * 255) })
  if (coarse) {
    inheritMatches(field, level, coarse.field, coarse.level)
    voteForPixels(level, field, edgeDistance, 0)
  }
  // Large shapes settle at small sizes, where a round costs little: many rounds there, few at full size.
  const rounds = coarse ? Math.min(10, 3 + 2 * depth) : 16
  const reach = Math.max(level.width, level.height) >> (coarse ? 2 : 0)
  for (let round = 0; round < rounds; round++) {
    measureMatches(field, level)
    await improveMatches(field, level, 0, reach, random, pace)
    await improveMatches(field, level, 1, reach, random, pace)
    voteForPixels(level, field, edgeDistance, depth === 0 && round === rounds - 1 ? lastSharpness : 1)
    if (pace.due()) await pace.rest()
  }
  return { level, field }
}

function copyOf(level: Level): Level {
  return { ...level, pixels: Uint8Array.from(level.pixels) }
}

/** How unlike anything known the filling still is: mean squared difference of its patches to their matches. */
function meanCost({ level, field }: Filled): number {
  measureMatches(field, level)
  let sum = 0
  for (const cost of field.cost) sum += cost
  return sum / Math.max(1, field.cost.length)
}
