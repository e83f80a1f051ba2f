/** The renders that the starter bench works on: drawn once by the project's renderer, then read from the cache. */
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { GrayMask, RgbImage } from '../../gpu-workers/images/raster.ts'

const run = promisify(execFile)

const Index = z.object({
  side: z.int(),
  partSide: z.int(),
  surfaces: z.array(z.string()),
  defects: z.array(z.string()),
  pairs: z.array(
    z.object({ surface: z.string(), colour: z.string(), defect: z.string(), words: z.string() }),
  ),
})

/** A good part, its defective twin, and a person's mask around the defect. */
export type RenderedPair = z.infer<typeof Index>['pairs'][number] & {
  clean: RgbImage
  defective: RgbImage
  mask: GrayMask
}

export type Renders = {
  surfaces: string[]
  defects: string[]
  pairs: RenderedPair[]
  /** Loose parts on a background; coverage is 255 where the part is. */
  parts: { picture: RgbImage; coverage: GrayMask }[]
}

/**
 * @param recipe The folder of the renderer, gpu-workers/starter-model.
 * @param python A Python with NumPy; asked only when these renders are not in the cache.
 */
export async function loadRenders(recipe: string, python: string, count: number): Promise<Renders> {
  const folder = join(
    homedir(),
    '.cache',
    'defect-studio',
    'bench-starter',
    `${await digest(recipe)}-${count}`,
  )
  const text = await readFile(join(folder, 'index.json'), 'utf8').catch(() => undefined)
  if (text === undefined) {
    console.error(`Drawing ${count} pairs and parts with ${python}`)
    await run(python, [join(recipe, 'bench_renders.py'), folder, '--count', String(count)])
  }
  const index = Index.parse(JSON.parse(text ?? (await readFile(join(folder, 'index.json'), 'utf8'))))
  const read = (name: string) => readFile(join(folder, `${name}.bin`))
  const [clean, defective, mask, parts, coverage] = await Promise.all(
    ['clean', 'defective', 'mask', 'parts', 'coverage'].map(read),
  )
  const { side, partSide } = index
  return {
    surfaces: index.surfaces,
    defects: index.defects,
    pairs: index.pairs.map((pair, i) => ({
      ...pair,
      clean: { width: side, height: side, data: slice(clean, i, 3 * side * side) },
      defective: { width: side, height: side, data: slice(defective, i, 3 * side * side) },
      mask: { width: side, height: side, data: slice(mask, i, side * side) },
    })),
    parts: index.pairs.map((_, i) => ({
      picture: { width: partSide, height: partSide, data: slice(parts, i, 3 * partSide * partSide) },
      coverage: { width: partSide, height: partSide, data: slice(coverage, i, partSide * partSide) },
    })),
  }
}

function slice(bytes: Buffer | undefined, i: number, size: number): Uint8Array {
  const part = bytes?.subarray(i * size, (i + 1) * size)
  if (part?.length !== size)
    throw new Error('The cached renders are incomplete: delete ~/.cache/defect-studio/bench-starter.')
  return new Uint8Array(part)
}

/** Another renderer draws other pictures, so what it is made of names the folder. */
async function digest(recipe: string): Promise<string> {
  const hash = createHash('sha256')
  const files = await readdir(join(recipe, 'renderer'), { recursive: true })
  const sources = files.filter((name) => name.endsWith('.py')).map((name) => join('renderer', name))
  for (const name of [...sources, 'bench_renders.py'].toSorted())
    hash.update(await readFile(join(recipe, name)))
  return hash.digest('hex').slice(0, 12)
}
