/** Multiplies the axes of a parameter grid: prompts × strengths × guidance scales × steps × seeds. */
import { maxCollectionItems } from '../ports.ts'
import { type NumberBounds, parseNumberList } from './number-list.ts'
import { parsePromptLines } from './prompt-lines.ts'

export const gridBounds = {
  seeds: { min: 0, max: 2 ** 32 - 1, whole: true },
  strengths: { min: 0, max: 1 },
  guidanceScales: { min: 1, max: 20 },
  steps: { min: 1, max: 150, whole: true },
} satisfies Record<string, NumberBounds>

export interface GridAxes {
  prompts: string
  alternatives: boolean
  /** A list; empty when there is no such axis, or when seeds are drawn. */
  seeds: string
  /** How many seeds are drawn when the run is planned, beside those of the list. */
  randomSeeds: number
  strengths: string
  guidanceScales: string
  steps: string
}

/** One combination: a value for each axis that the grid has. */
export type GridPoint = {
  prompt?: string
  seed?: number
  strength?: number
  guidance?: number
  steps?: number
}

interface Problem {
  ok: false
  /** Null: no axis alone is to blame. */
  field: keyof GridAxes | null
  message: string
}

interface ReadAxes {
  prompts: readonly string[]
  strengths: readonly number[]
  guidanceScales: readonly number[]
  steps: readonly number[]
  seeds: readonly number[]
}

/** How many points the grid has: 0 when no axis is given. */
export function gridSize(axes: GridAxes): { ok: true; count: number } | Problem {
  const read = readAxes(axes)
  if (!read.ok) return read
  const { prompts, strengths, guidanceScales, steps, seeds } = read.axes
  const sizes = [prompts, strengths, guidanceScales, steps].map((axis) => axis.length)
  sizes.push(seeds.length + axes.randomSeeds)
  if (sizes.every((size) => size === 0)) return { ok: true, count: 0 }
  const count = sizes.reduce((product, size) => product * Math.max(size, 1), 1)
  if (count <= maxCollectionItems) return { ok: true, count }
  const message = `This grid has ${count} points; one list may have ${maxCollectionItems}.`
  return { ok: false, field: null, message }
}

/**
 * Every combination of the axes that are given, seeds changing first.
 * @param drawSeed a whole number in 0 … 2^32 - 1; called once for each seed that is to be drawn.
 */
export function gridPoints(
  axes: GridAxes,
  drawSeed: () => number,
): { ok: true; points: GridPoint[] } | Problem {
  const size = gridSize(axes)
  if (!size.ok) return size
  const read = readAxes(axes)
  if (!read.ok) return read
  if (size.count === 0) return { ok: true, points: [] }
  const { prompts, strengths, guidanceScales, steps, seeds: given } = read.axes
  const seeds = withDrawnSeeds(given, axes.randomSeeds, drawSeed)
  let points: GridPoint[] = [{}]
  points = multiply(points, prompts, (point, prompt) => ({ ...point, prompt }))
  points = multiply(points, strengths, (point, strength) => ({ ...point, strength }))
  points = multiply(points, guidanceScales, (point, guidance) => ({ ...point, guidance }))
  points = multiply(points, steps, (point, count) => ({ ...point, steps: count }))
  points = multiply(points, seeds, (point, seed) => ({ ...point, seed }))
  return { ok: true, points }
}

function readAxes(axes: GridAxes): { ok: true; axes: ReadAxes } | Problem {
  const prompts = parsePromptLines(axes.prompts, axes.alternatives)
  if (!prompts.ok) return { ok: false, field: 'prompts', message: prompts.message }
  const lists: Record<keyof typeof gridBounds, number[]> = {
    strengths: [],
    guidanceScales: [],
    steps: [],
    seeds: [],
  }
  for (const field of ['strengths', 'guidanceScales', 'steps', 'seeds'] as const) {
    const list = parseNumberList(axes[field], gridBounds[field])
    if (!list.ok) return { ok: false, field, message: list.message }
    lists[field] = list.numbers
  }
  return { ok: true, axes: { prompts: prompts.prompts, ...lists } }
}

/** Without values there is no such axis, and everything stays as it is. */
function multiply<V>(
  points: GridPoint[],
  values: readonly V[],
  add: (point: GridPoint, value: V) => GridPoint,
): GridPoint[] {
  return values.length === 0 ? points : points.flatMap((point) => values.map((value) => add(point, value)))
}

/** What is drawn is different from what is there: of a hundred thousand draws two would be alike. */
function withDrawnSeeds(given: readonly number[], count: number, drawSeed: () => number): number[] {
  const taken = new Set(given)
  const drawn = Array.from({ length: count }, () => {
    let seed = drawSeed()
    while (taken.has(seed)) seed = (seed + 1) % 2 ** 32
    taken.add(seed)
    return seed
  })
  return [...given, ...drawn]
}

/** `grid-0001`: numbered from 1, all of one length, so that they sort as they were made. */
export function numberedNames(stem: string, count: number): string[] {
  const digits = Math.max(4, String(count).length)
  return Array.from({ length: count }, (_, index) => `${stem}-${String(index + 1).padStart(digits, '0')}`)
}
