/** What the starter model and the tools beside it are asked to do in the bench, each judged by the judge. */
import { defectKinds } from '@defect-studio/nodes'
import { cleanUp } from '../../gpu-workers/clean-up/clean-up.ts'
import { drawDefect } from '../../gpu-workers/defects/draw-defect.ts'
import { whiteFrom, type RgbImage } from '../../gpu-workers/images/raster.ts'
import type { Pipeline } from '../../gpu-workers/pipeline/index.ts'
import type { Judge } from './judge.ts'
import { diffusionDefaults, drawDefectDefaults, inpaintDefaults } from './node-defaults.ts'
import type { RenderedPair, Renders } from './renders.ts'
import { wishes } from './wishes.ts'

export type Task = {
  pipeline: Pipeline
  model: string
  judge: Judge
  renders: Renders
  /** Another guidance scale than the nodes' own, to try. */
  guidance?: number | undefined
  /** Hears of every picture, for a contact sheet. */
  onPicture: (task: string, picture: RgbImage) => void
}

/** Shares of 0 … 1; `n` is how many pictures they are of. */
export type Figures = Record<string, number>

/** Every defect on every surface once: enough to see whether the judge would find a defect in anything painted. */
const CONTROLS = 56

/** Clean surfaces and defects by prompt alone; a defect is right when it is found and of the asked kind. */
export async function textToImage({ pipeline, model, judge, renders, ...task }: Task): Promise<Figures> {
  const { guidance = diffusionDefaults.guidanceScale, onPicture } = task
  const asked = wishes(
    renders.surfaces,
    renders.defects,
    renders.pairs.length / renders.surfaces.length / renders.defects.length,
  )
  const common = { ...diffusionDefaults, guidanceScale: guidance, model, width: 128, height: 128 }
  const pictures: RgbImage[] = []
  await pipeline.textToImage({ ...common, prompt: asked[0]!.prompt, seeds: [0] }) // loads the model
  const start = performance.now()
  for (const [i, { prompt }] of asked.entries()) {
    const drawn = await pipeline.textToImage({ ...common, prompt, seeds: [1000 + i] })
    pictures.push(...drawn.pictures)
    onPicture('text-to-image', drawn.pictures[0]!)
  }
  const seconds = (performance.now() - start) / 1000 / asked.length
  const verdicts = await judge.judge(pictures)
  const rows = verdicts.map((verdict, i) => ({ ...verdict, wish: asked[i]! }))
  const defective = rows.filter(({ wish }) => wish.defect !== undefined)
  const isRight = ({ wish, ...verdict }: (typeof rows)[number]) =>
    verdict.isDefective && renders.defects[verdict.defect] === wish.defect
  return {
    surface_right: share(rows.map(({ surface, wish }) => renders.surfaces[surface] === wish.surface)),
    defect_right: share(defective.map(isRight)),
    clean_right: share(rows.filter((row) => row.wish.defect === undefined).map((row) => !row.isDefective)),
    seconds,
    ...byKind(renders.surfaces, 'surface_right', (name) =>
      share(
        rows.filter(({ wish }) => wish.surface === name).map((row) => renders.surfaces[row.surface] === name),
      ),
    ),
    ...byKind(renders.defects, 'defect_right', (kind) =>
      share(defective.filter(({ wish }) => wish.defect === kind).map(isRight)),
    ),
  }
}

/**
 * A defect painted into a good part; it is found when the judge sees one inside the mask and names the asked kind. As a
 * check on the judge, good surface is painted into the same masks: seams and wrong texture look like defects, too.
 */
export async function inpaint({ pipeline, model, judge, renders, ...task }: Task): Promise<Figures> {
  const { guidance = inpaintDefaults.guidanceScale, onPicture } = task
  async function paint(name: string, pairs: RenderedPair[], promptOf: (pair: RenderedPair) => string) {
    const pictures: RgbImage[] = []
    for (const [i, pair] of pairs.entries()) {
      const drawn = await pipeline.inpaint({
        ...{ ...inpaintDefaults, guidanceScale: guidance, model },
        ...{ prompt: promptOf(pair), seeds: [2000 + i], image: pair.clean, mask: pair.mask },
      })
      pictures.push(drawn.pictures[0]!.image)
      onPicture(name, pictures.at(-1)!)
    }
    return judge.judge(
      pictures,
      pairs.map(({ mask }) => mask),
    )
  }
  const { pairs } = renders
  const found = await paint(
    'inpaint',
    pairs,
    ({ colour, surface, words }) => `${colour} ${surface} with ${words}`,
  )
  const control = await paint(
    'inpaint-clean',
    pairs.slice(0, CONTROLS),
    ({ colour, surface }) => `clean ${colour} ${surface} surface`,
  )
  const right = found.map(
    (verdict, i) => verdict.isInside && isKind(renders, verdict.defect, pairs[i]!.defect),
  )
  return {
    inpaint_found: share(right),
    inpaint_found_of_any_kind: share(found.map(({ isInside }) => isInside)),
    inpaint_found_when_asked_for_none: share(control.map(({ isInside }) => isInside)),
  }
}

/** Defects painted by procedure with the node's own settings. */
export async function draw({ judge, renders, onPicture }: Task): Promise<Figures> {
  const drawn = await Promise.all(
    renders.pairs.map(async ({ clean, defect }, i) => {
      const kind = defectKinds.find((one) => one === defect)
      if (!kind) throw new Error(`The renderer knows a defect "${defect}" that the node cannot draw.`)
      return drawDefect({ ...drawDefectDefaults, image: clean, kind, seed: 3000 + i })
    }),
  )
  for (const { image } of drawn) onPicture('draw-defect', image)
  const verdicts = await judge.judge(
    drawn.map(({ image }) => image),
    drawn.map(({ mask }) => mask),
  )
  return {
    drawn_found: share(verdicts.map(({ isDefective }) => isDefective)),
    drawn_found_inside: share(verdicts.map(({ isInside }) => isInside)),
    ...byKind(renders.defects, 'drawn_found', (kind) =>
      share(
        verdicts.filter((_, i) => renders.pairs[i]!.defect === kind).map(({ isDefective }) => isDefective),
      ),
    ),
  }
}

/** A defect that is in the picture taken out with a person's mask around it, by the default method. */
export async function clean({ judge, renders, onPicture }: Task): Promise<Figures> {
  const pictures: RgbImage[] = []
  for (const [i, { defective, mask }] of renders.pairs.entries()) {
    pictures.push(await cleanUp({ image: defective, mask, method: 'patch-match', seed: 4000 + i }))
    onPicture('clean-up', pictures.at(-1)!)
  }
  const before = await judge.judge(renders.pairs.map(({ defective }) => defective))
  const after = await judge.judge(pictures)
  return {
    clean_up_gone: share(after.map(({ isDefective }) => !isDefective)),
    clean_up_found_before: share(before.map(({ isDefective }) => isDefective)),
  }
}

/** Parts cut out of their background; intersection over union of what is at least half opaque. */
export async function matte({ pipeline, renders, onPicture }: Task): Promise<Figures> {
  const overlaps: number[] = []
  for (const { picture, coverage } of renders.parts) {
    const { image, mask } = await pipeline.removeBackground({ model: 'starter-matting', image: picture })
    let both = 0
    let either = 0
    for (const [i, value] of mask.data.entries()) {
      const found = value >= whiteFrom
      const real = coverage.data[i]! >= whiteFrom
      if (found && real) both++
      if (found || real) either++
    }
    overlaps.push(both / Math.max(1, either))
    const shown = image.data
      .filter((_, i) => i % 4 !== 3)
      .map((value, i) => (mask.data[Math.floor(i / 3)]! >= whiteFrom ? value : 255))
    onPicture('remove-background', { width: image.width, height: image.height, data: shown })
  }
  const sorted = overlaps.toSorted((a, b) => a - b)
  return {
    matte_iou: overlaps.reduce((sum, value) => sum + value, 0) / overlaps.length,
    matte_iou_tenth_percentile: sorted[Math.floor(sorted.length / 10)]!,
  }
}

function byKind(kinds: string[], name: string, shareOf: (kind: string) => number): Figures {
  const out: Figures = {}
  for (const kind of kinds) out[`${name}_${kind.replace(' ', '_')}`] = shareOf(kind)
  return out
}

function isKind(renders: Renders, defect: number, wanted: string): boolean {
  return renders.defects[defect] === wanted
}

function share(hits: readonly boolean[]): number {
  return hits.filter(Boolean).length / Math.max(1, hits.length)
}
