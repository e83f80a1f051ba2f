/** Fills a hole with texture from around it: PatchMatch inside a coarse-to-fine pyramid. */
import { distanceInside } from '../masks/distance-inside.ts'
import { createSeededRandom } from '../defects/seeded-random.ts'
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

/**
 * Fills the hole of `finest` in place; known pixels are only read. At each size, matching and voting alternate
 * (expectation and maximisation) until the guess settles.
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
  const works = levels.map(
    (level, depth) => roundsAt(depth, levels.length) * level.hole.reduce((a, b) => a + b, 0),
  )
  const total = works.reduce((a, b) => a + b, 0)
  let done = 0
  let coarse: { level: Level; field: PatchField } | null = null
  for (let depth = levels.length - 1; depth >= 0; depth--) {
    const level = levels[depth]!
    const field = createPatchField(level, random)
    const edgeDistance = distanceInside({ ...level, data: level.hole.map((hole) => hole * 255) })
    if (coarse) {
      inheritMatches(field, level, coarse.field, coarse.level)
      voteForPixels(level, field, edgeDistance, 0)
    } else {
      fillSmoothly(level)
    }
    const rounds = roundsAt(depth, levels.length)
    const reach = coarse
      ? Math.max(8, Math.min(level.width, level.height) >> 2)
      : Math.max(level.width, level.height)
    for (let round = 0; round < rounds; round++) {
      measureMatches(field, level)
      await improveMatches(field, level, 0, reach, random, pace)
      await improveMatches(field, level, 1, reach, random, pace)
      voteForPixels(level, field, edgeDistance, depth === 0 && round === rounds - 1 ? 4 : 1)
      onProgress((done + (works[depth]! * (round + 1)) / rounds) / total)
    }
    done += works[depth]!
    coarse = { level, field }
  }
}

/** Rounds cost with the hole's area, and large shapes settle at small sizes: many rounds there, few at full size. */
function roundsAt(depth: number, levels: number): number {
  return depth === levels - 1 ? 16 : Math.min(10, 3 + 2 * depth)
}
