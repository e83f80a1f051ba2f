/** What the tools that take a whole picture do with the renders: redraw it, enlarge it, put it into words. */
import { imageToImage as imageToImageNode } from '../../nodes/catalogue/image-to-image.ts'
import { suggestPrompts as suggestNode } from '../../nodes/catalogue/suggest-prompts.ts'
import type { RgbImage } from '../../gpu-workers/images/raster.ts'
import { resizeImage } from '../../gpu-workers/images/resize-image.ts'
import { diffusionDefaults } from './node-defaults.ts'
import type { Figures, Task } from './tasks.ts'

/** How many pictures these tasks take: every defect on every surface once. */
const PICTURES = 56

/** A good part redrawn with its defect in the prompt: does the surface stay what it is? */
export async function imageToImage({ pipeline, model, judge, renders, ...task }: Task): Promise<Figures> {
  const { guidance = diffusionDefaults.guidanceScale, onPicture } = task
  const { strength } = imageToImageNode.params.parse({})
  const pairs = renders.pairs.slice(0, PICTURES)
  const pictures: RgbImage[] = []
  for (const [i, { clean, colour, surface, words }] of pairs.entries()) {
    const drawn = await pipeline.imageToImage({
      ...{ ...diffusionDefaults, guidanceScale: guidance, model, strength },
      ...{ prompt: `${colour} ${surface} with ${words}`, seeds: [5000 + i], image: clean },
    })
    pictures.push(drawn.pictures[0]!)
    onPicture('image-to-image', pictures.at(-1)!)
  }
  const verdicts = await judge.judge(pictures)
  const kept = verdicts.filter(({ surface }, i) => renders.surfaces[surface] === pairs[i]!.surface)
  return { image_to_image_surface_kept: kept.length / pairs.length }
}

/** Renders at half their size, enlarged to what they were: mean dB of PSNR, beside plain Lanczos. */
export async function upscale({ pipeline, renders, onPicture }: Task): Promise<Figures> {
  let byModel = 0
  let byLanczos = 0
  const pairs = renders.pairs.slice(0, PICTURES)
  for (const { defective } of pairs) {
    const { width, height } = defective
    const small = await resizeImage(defective, width / 2, height / 2)
    const large = withoutAlpha(
      await pipeline.upscale({ model: 'starter-upscale', image: withAlpha(small), factor: 2 }),
    )
    byModel += psnr(defective, large)
    byLanczos += psnr(defective, await resizeImage(small, width, height))
    onPicture('upscale', large)
  }
  return { upscale_psnr: byModel / pairs.length, upscale_psnr_lanczos: byLanczos / pairs.length }
}

/** Defective renders put into words: is the phrase of the defect, and of the material, the first of its kind? */
export async function suggest({ pipeline, renders, onPicture }: Task): Promise<Figures> {
  const { mode, caption, count, phrases } = suggestNode.params.parse({})
  let defects = 0
  let materials = 0
  for (const { defective, defect, surface } of renders.pairs) {
    const { ranked } = await pipeline.suggestPrompts({
      ...{ model: 'starter-image-text', image: defective, mode, caption, count, phrases },
    })
    const first = (category: string) => ranked.find((phrase) => phrase.category === category)?.phrase ?? ''
    if (first('defect').includes(defect)) defects++
    if (first('material').includes(surface)) materials++
    onPicture('suggest-prompts', defective)
  }
  const n = renders.pairs.length
  return { suggested_defect_right: defects / n, suggested_material_right: materials / n }
}

function psnr(truth: RgbImage, made: RgbImage): number {
  let sum = 0
  for (let i = 0; i < truth.data.length; i++) sum += (truth.data[i]! - made.data[i]!) ** 2
  return 10 * Math.log10((255 * 255 * truth.data.length) / (sum + 1e-9))
}

function withAlpha({ width, height, data }: RgbImage) {
  const rgba = new Uint8Array(width * height * 4).fill(255)
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(i * 3, i * 3 + 3), i * 4)
  return { width, height, data: rgba }
}

function withoutAlpha({ width, height, data }: RgbImage): RgbImage {
  return { width, height, data: data.filter((_, i) => i % 4 !== 3) }
}
