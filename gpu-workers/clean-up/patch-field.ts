/** For every patch that touches the hole: the known patch that looks most like it (PatchMatch). */
import type { SeededRandom } from '../defects/seeded-random.ts'
import type { Pace } from './pace.ts'
import { patchCost } from './patch-cost.ts'
import { measureMeans } from './patch-means.ts'
import type { Level } from './pyramid.ts'

/** Patches are squares of 2 × radius + 1 pixels around their middle; positions are pixel numbers (y × width + x). */
export interface PatchField {
  radius: number
  /** Middles of patches that touch the hole, in reading order. */
  targets: Int32Array
  /** Place of a pixel in `targets`, or −1. */
  targetAt: Int32Array
  /** 1 where a patch lies wholly in the picture and wholly outside the hole. */
  isSource: Uint8Array
  /** All such places. */
  sources: Int32Array
  /** Per target: the source that looks most like it. */
  best: Int32Array
  /** Per target: the squared difference to it, as a mean per pixel of the patch. */
  cost: Float32Array
  /** Mean colour (R, G, B) of the patch around each pixel, as of the last `measureMatches`. */
  means: Float32Array
}

/** A field with random matches. The radius is the largest of 3, 2, 1, 0 for which there are places to copy from. */
export function createPatchField(level: Level, random: SeededRandom): PatchField {
  let radius = 3
  let isSource = findSources(level, radius)
  while (radius > 0 && countOnes(isSource) < 24) isSource = findSources(level, --radius)
  const sources = listOnes(isSource)
  const targets = listOnes(dilate(level.hole, level.width, level.height, radius))
  const targetAt = new Int32Array(level.hole.length).fill(-1)
  targets.forEach((pixel, place) => (targetAt[pixel] = place))
  const best = Int32Array.from(targets, () => sources[random.whole(0, sources.length - 1)]!)
  const cost = new Float32Array(targets.length).fill(Infinity)
  const means = new Float32Array(level.hole.length * 3)
  measureMeans(level, radius, means)
  return { radius, targets, targetAt, isSource, sources, best, cost, means }
}

/** Carries the matches of the level with half the size over to this one. */
export function inheritMatches(
  field: PatchField,
  level: Level,
  coarse: PatchField,
  coarseLevel: Level,
): void {
  for (let place = 0; place < field.targets.length; place++) {
    const target = field.targets[place]!
    const x = target % level.width
    const y = (target - x) / level.width
    const parent = coarse.targetAt[(y >> 1) * coarseLevel.width + (x >> 1)]!
    if (parent < 0) continue
    const from = coarse.best[parent]!
    const fromX = from % coarseLevel.width
    const fromY = (from - fromX) / coarseLevel.width
    const sourceX = 2 * fromX + (x & 1)
    const sourceY = 2 * fromY + (y & 1)
    if (sourceX >= level.width || sourceY >= level.height) continue
    const source = sourceY * level.width + sourceX
    if (field.isSource[source] === 1) field.best[place] = source
  }
}

/** Measures the current matches anew, after the guess for the hole has changed. */
export function measureMatches(field: PatchField, level: Level): void {
  const { radius, means, targets, best, cost } = field
  measureMeans(level, radius, means)
  for (let place = 0; place < targets.length; place++) {
    cost[place] = patchCost(level, radius, means, targets[place]!, best[place]!, Infinity)
  }
}

/**
 * One sweep of PatchMatch (Barnes, Shechtman, Finkelstein, Goldman, 2009): each target tries the matches of its two
 * neighbours, shifted by one pixel, then random places around its best, at halving distances.
 */
export async function improveMatches(
  field: PatchField,
  level: Level,
  sweep: number,
  reach: number,
  random: SeededRandom,
  pace: Pace,
): Promise<void> {
  const { width, height } = level
  const { targets, targetAt, isSource, best, cost, radius, means } = field
  const step = sweep % 2 === 0 ? 1 : -1
  let place = step > 0 ? 0 : targets.length - 1
  for (let done = 0; done < targets.length; done++, place += step) {
    if ((done & 127) === 0 && pace.due()) await pace.rest()
    const target = targets[place]!
    const x = target % width
    const y = (target - x) / width
    let source = best[place]!
    let lowest = cost[place]!
    if (x - step >= 0 && x - step < width) {
      const neighbour = targetAt[target - step]!
      if (neighbour >= 0) {
        const candidate = best[neighbour]! + step
        // A source never lies at the picture's rim unless the radius is 0, so one step stays in its row.
        if (
          candidate >= 0 &&
          candidate < isSource.length &&
          isSource[candidate] === 1 &&
          candidate !== source
        ) {
          const found = patchCost(level, radius, means, target, candidate, lowest)
          if (found < lowest) {
            lowest = found
            source = candidate
          }
        }
      }
    }
    if (y - step >= 0 && y - step < height) {
      const neighbour = targetAt[target - step * width]!
      if (neighbour >= 0) {
        const candidate = best[neighbour]! + step * width
        if (
          candidate >= 0 &&
          candidate < isSource.length &&
          isSource[candidate] === 1 &&
          candidate !== source
        ) {
          const found = patchCost(level, radius, means, target, candidate, lowest)
          if (found < lowest) {
            lowest = found
            source = candidate
          }
        }
      }
    }
    for (let distance = reach; distance >= 1; distance >>= 1) {
      const middleX = source % width
      const middleY = (source - middleX) / width
      const left = Math.max(0, middleX - distance)
      const top = Math.max(0, middleY - distance)
      const candidateX =
        left + Math.floor(random.next() * (Math.min(width - 1, middleX + distance) - left + 1))
      const candidateY =
        top + Math.floor(random.next() * (Math.min(height - 1, middleY + distance) - top + 1))
      const candidate = candidateY * width + candidateX
      if (isSource[candidate] === 0 || candidate === source) continue
      const found = patchCost(level, radius, means, target, candidate, lowest)
      if (found < lowest) {
        lowest = found
        source = candidate
      }
    }
    best[place] = source
    cost[place] = lowest
  }
}

function findSources(level: Level, radius: number): Uint8Array {
  const { width, height } = level
  const touched = dilate(level.hole, width, height, radius)
  const sources = new Uint8Array(width * height)
  for (let y = radius; y < height - radius; y++) {
    for (let x = radius; x < width - radius; x++) {
      if (touched[y * width + x] === 0) sources[y * width + x] = 1
    }
  }
  return sources
}

/** Ones grown by `radius` pixels to all sides (a square), one axis after the other. */
function dilate(ones: Uint8Array, width: number, height: number, radius: number): Uint8Array {
  const wide = new Uint8Array(ones.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (ones[y * width + x] === 0) continue
      wide.fill(1, y * width + Math.max(0, x - radius), y * width + Math.min(width - 1, x + radius) + 1)
    }
  }
  const out = new Uint8Array(ones.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (wide[y * width + x] === 0) continue
      for (let row = Math.max(0, y - radius); row <= Math.min(height - 1, y + radius); row++)
        out[row * width + x] = 1
    }
  }
  return out
}

function countOnes(values: Uint8Array): number {
  let count = 0
  for (const value of values) count += value
  return count
}

function listOnes(values: Uint8Array): Int32Array {
  const list = new Int32Array(countOnes(values))
  let length = 0
  for (let i = 0; i < values.length; i++) if (values[i] === 1) list[length++] = i
  return list
}
