/** The three diffusion tools as this room offers them: any size, any number of pictures, in as few calls as memory allows. */
import { StudioError } from '@defect-studio/nodes'
import { cropImage } from '../images/pixel-box.ts'
import type { GrayMask, RgbImage } from '../images/raster.ts'
import { resizeImage } from '../images/resize-image.ts'
import type { DiffusionModel } from './diffusion-model.ts'
import { requireRange, stepsToMake, type DrawingRequest } from './drawing.ts'
import { imageToImage } from './image-to-image.ts'
import { inBatches, type InBatches } from './in-batches.ts'
import { inpaintRegion, type InpaintedPhoto } from './inpaint-region.ts'
import { nativeSide, pixelMultiple } from './model-folder.ts'
import { middleBox } from './paste.ts'
import { picturesAtOnce } from './pictures-at-once.ts'
import { toRgbImage } from './pixel-planes.ts'
import { textToImage } from './text-to-image.ts'
import { coveringSize, workingSize } from './working-size.ts'

/** What every diffusion tool is told. */
export type DiffusionCall = DrawingRequest & {
  /** An id from `listModels`. */
  model: string
}

/** Pictures in the order of the seeds; `notes` are sentences for the person who asked. */
export type Drawn<T = RgbImage> = InBatches<T>

export type DiffusionTools = {
  /** @param call width and height are multiples of 8; the pictures have exactly that size. */
  readonly textToImage: (call: DiffusionCall & { width: number; height: number }) => Promise<Drawn>
  /** The results have the photo's size; `strength` is 0 … 1. */
  readonly imageToImage: (call: DiffusionCall & { image: RgbImage; strength: number }) => Promise<Drawn>
  /** Outside the mask every pixel stays; `feather` is a soft edge in pixels, inside the mask. */
  readonly inpaint: (
    call: DiffusionCall & { image: RgbImage; mask: GrayMask; strength: number; feather: number },
  ) => Promise<Drawn<InpaintedPhoto>>
}

/** How the tools reach models and memory. */
export type Workplace = {
  /** Keeps the model loaded while it is used. */
  readonly withModel: <T>(id: string, use: (model: DiffusionModel) => Promise<T>) => Promise<T>
  /** Bytes of the device that nothing takes yet. */
  readonly freeBytes: () => number
  /** Lets go of models that nobody uses now. */
  readonly makeRoom: () => Promise<void>
}

type Size = { width: number; height: number }

// 2048 × 2048: what the nodes allow at most.
const MOST_PIXELS = 2048 ** 2

export function createDiffusionTools({ withModel, freeBytes, makeRoom }: Workplace): DiffusionTools {
  /** @param size of what the model draws at once, in pixels. */
  function batches<T>(
    model: DiffusionModel,
    call: DiffusionCall,
    size: Size,
    draw: (request: DrawingRequest) => Promise<InBatches<T>>,
  ): Promise<InBatches<T>> {
    const { scaleFactor } = model.vae
    const latents = { width: size.width / scaleFactor, height: size.height / scaleFactor }
    const atOnce = picturesAtOnce(latents, call.guidanceScale > 1, freeBytes())
    return inBatches({ seeds: call.seeds, atOnce, onStep: call.onStep, makeRoom }, (seeds, onStep) =>
      draw({ ...toRequest(call), seeds, onStep }),
    )
  }

  return {
    textToImage: (call) =>
      withModel(call.model, (model) => {
        checkSize(call)
        const size = coveringSize(call, pixelMultiple(model.folder))
        return batches(model, call, size, async (request) => {
          const { pictures, notes } = await textToImage(model, request, size)
          const cropped = pictures.map((picture) => cropImage(toRgbImage(picture), middleBox(size, call)))
          return { pictures: cropped, notes }
        })
      }),
    imageToImage: (call) =>
      withModel(call.model, async (model) => {
        const { image: photo, strength } = call
        if (stepsToMake(call.steps, strength) === 0) return unchanged(call, photo)
        const size = workingSize(photo, limits(model))
        const image = await resizeImage(photo, size.width, size.height)
        return batches(model, call, size, async (request) => {
          const { pictures, notes } = await imageToImage(model, { ...request, image, strength })
          const resized = pictures.map((one) => resizeImage(toRgbImage(one), photo.width, photo.height))
          return { pictures: await Promise.all(resized), notes }
        })
      }),
    inpaint: (call) =>
      withModel(call.model, async (model) => {
        const { image, mask, strength, feather } = call
        if (stepsToMake(call.steps, strength) === 0) return unchanged(call, { image, changedOutside: 0 })
        // Places are drawn near the size that the model was trained on.
        const side = nativeSide(model.folder)
        return batches(model, call, { width: side, height: side }, async (request) => {
          const drawn = await inpaintRegion(model, { ...request, image, mask, strength, feather })
          return { pictures: drawn.photos, notes: drawn.notes }
        })
      }),
  }
}

function limits({ folder }: DiffusionModel) {
  return { multiple: pixelMultiple(folder), nativeSide: nativeSide(folder) }
}

function toRequest(call: DiffusionCall): DrawingRequest {
  const { prompt, negativePrompt, steps, guidanceScale, sampler, clipSkip, seeds, signal } = call
  return { prompt, negativePrompt, steps, guidanceScale, sampler, clipSkip, seeds, signal }
}

function checkSize({ width, height }: Size): void {
  for (const [name, side] of [
    ['Width', width],
    ['Height', height],
  ] as const) {
    requireRange(name, side, 8, MOST_PIXELS, true)
    if (side % 8 !== 0)
      throw new StudioError('invalid-input', `${name} must be a multiple of 8; it is ${side}.`)
  }
  if (width * height > MOST_PIXELS) {
    throw new StudioError(
      'invalid-input',
      `${width} × ${height} is too large: at most ${MOST_PIXELS} pixels are drawn.`,
    )
  }
}

function unchanged<T>({ strength, steps, seeds }: DiffusionCall & { strength: number }, photo: T): Drawn<T> {
  const note = `Strength ${strength} of ${steps} steps leaves no step to make: the picture is unchanged.`
  return { pictures: seeds.map(() => photo), notes: [note] }
}
