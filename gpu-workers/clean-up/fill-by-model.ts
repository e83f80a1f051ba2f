/** Fills holes by a net that was trained for it, such as LaMa: it sees each place with its surroundings. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import { cropImage, cropMask, growBox, type PixelBox } from '../images/pixel-box.ts'
import { whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import { resizeImage, resizeMask } from '../images/resize-image.ts'
import { openSession, type OnnxSession, type ProviderConfig } from '../runtime/session.ts'
import type { Tensor, TensorSpec } from '../runtime/tensor.ts'
import { readFillFolder, type FillConfig } from './fill-model-folder.ts'
import { checkMask } from './check-mask.ts'
import { holeClusters } from './hole-clusters.ts'

export type FillModel = {
  kind: 'clean-up'
  /** Weights on disk. */
  bytes: number
  config: FillConfig
  session: OnnxSession
  /** Input names. */
  image: string
  mask: string
  /** Height and width that the model insists on; null where any size does. */
  fixed: { height: number; width: number } | null
  dispose: () => Promise<void>
}

// The net must see what it continues: as much on each side as the hole is long, and never less than this many pixels.
const leastContext = 64
// Any grey of a shrunken mask belongs to the hole: a thin scratch would shine through otherwise.
const touchedFrom = 1

/** @throws StudioError 'model-broken' when the folder or the model's inputs are not as expected. */
export async function loadFillModel(folder: string, provider: ProviderConfig): Promise<FillModel> {
  const config = await readFillFolder(folder)
  const file = join(folder, 'model.onnx')
  const session = await openSession(file, provider)
  try {
    const image = inputWith(session, 3)
    const mask = inputWith(session, 1)
    const fixed = fixedSize(image)
    const bytes = (await stat(file)).size
    return {
      ...{ kind: 'clean-up', bytes, config, session, fixed },
      ...{ image: image.name, mask: mask.name, dispose: session.dispose },
    }
  } catch (error) {
    await session.dispose()
    throw error
  }
}

function inputWith({ inputs }: OnnxSession, channels: number): TensorSpec {
  const found = inputs.find(({ shape }) => shape.length === 4 && shape[1] === channels)
  if (found && inputs.length === 2) return found
  const seen = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
  throw new StudioError(
    'model-broken',
    `A model that fills holes takes a picture [1, 3, height, width] and a mask [1, 1, height, width]; this one takes ${seen}.`,
  )
}

function fixedSize({ shape }: TensorSpec): FillModel['fixed'] {
  const [, , height, width] = shape
  return typeof height === 'number' && typeof width === 'number' && height > 0 && width > 0
    ? { height, width }
    : null
}

/**
 * The photo with its white places filled, each for itself; only there it differs.
 *
 * @param onProgress Told the part that is done, 0 … 1.
 * @throws StudioError 'invalid-input' when all is white; 'model-broken' when the model answers in another shape; the
 * signal's reason when stopped.
 */
export async function fillByModel(
  model: FillModel,
  {
    image,
    mask,
    signal,
    onProgress = () => {},
  }: {
    image: RgbImage
    mask: GrayMask
    signal?: AbortSignal | undefined
    onProgress?: ((part: number) => void) | undefined
  },
): Promise<RgbImage> {
  checkMask(image, mask)
  const result: RgbImage = { ...image, data: new Uint8Array(image.data) }
  const clusters = holeClusters(mask)
  for (const [done, box] of clusters.entries()) {
    signal?.throwIfAborted()
    const region = regionAround(box, image, model.fixed)
    putWhite(result, await fillRegion(model, result, mask, region), mask, box, region)
    onProgress((done + 1) / clusters.length)
  }
  return result
}

/**
 * The place with its surroundings. For a model of one size it has that shape, and at least that size where the photo has
 * it, so that nothing is squeezed and little is resampled.
 */
function regionAround(box: PixelBox, photo: RgbImage, fixed: FillModel['fixed']): PixelBox {
  const longer = Math.max(box.width, box.height)
  const margin = Math.max(leastContext, longer)
  if (!fixed) return growBox(box, margin, photo.width, photo.height)
  const factor = Math.max(1, (longer + 2 * margin) / Math.min(fixed.width, fixed.height))
  const across = spanAround(box.x, box.width, Math.round(fixed.width * factor), photo.width)
  const down = spanAround(box.y, box.height, Math.round(fixed.height * factor), photo.height)
  return { x: across.from, y: down.from, width: across.length, height: down.length }
}

/** `wanted` pixels around the middle of a span, inside 0 … `limit`. */
function spanAround(from: number, length: number, wanted: number, limit: number) {
  const wide = Math.min(limit, wanted)
  const start = Math.round(from - (wide - length) / 2)
  return { from: Math.min(Math.max(0, start), limit - wide), length: wide }
}

async function fillRegion(
  model: FillModel,
  image: RgbImage,
  mask: GrayMask,
  region: PixelBox,
): Promise<RgbImage> {
  const { width, height } = model.fixed ?? freeSize(region, model.config)
  const photo = await resizeImage(cropImage(image, region), width, height)
  const hole = await resizeMask(cropMask(mask, region), width, height)
  const from = width === region.width && height === region.height ? whiteFrom : touchedFrom
  const results = await model.session.run({
    [model.image]: { data: toPlanes(photo), shape: [1, 3, height, width] },
    [model.mask]: {
      data: Float32Array.from(hole.data, (value) => (value >= from ? 1 : 0)),
      shape: [1, 1, height, width],
    },
  })
  const answer = Object.values(results)[0]
  const filled = toImage(answer, width, height, 255 / model.config.output_max)
  return resizeImage(filled, region.width, region.height)
}

/** The region's own size where the model takes any, in its steps and up to its largest side. */
function freeSize(region: PixelBox, { size_multiple, largest_side }: FillConfig) {
  const factor = Math.min(1, largest_side / Math.max(region.width, region.height))
  const step = (side: number) => Math.max(1, Math.ceil((side * factor) / size_multiple)) * size_multiple
  return { width: step(region.width), height: step(region.height) }
}

function toPlanes({ width, height, data }: RgbImage): Float32Array {
  const out = new Float32Array(3 * width * height)
  for (let i = 0; i < width * height; i++)
    for (let c = 0; c < 3; c++) out[c * width * height + i] = data[3 * i + c]! / 255
  return out
}

function toImage(answer: Tensor | undefined, width: number, height: number, scale: number): RgbImage {
  const wanted = [1, 3, height, width]
  if (!answer || answer.shape.join() !== wanted.join()) {
    throw new StudioError(
      'model-broken',
      `The model answered in the shape [${answer?.shape.join(', ') ?? ''}] where [${wanted.join(', ')}] was expected.`,
    )
  }
  const data = new Uint8Array(3 * width * height)
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 3; c++) {
      const value = answer.data[c * width * height + i]! * scale
      if (Number.isNaN(value))
        throw new StudioError('model-broken', 'The model answered with something that is no number.')
      data[3 * i + c] = Math.min(255, Math.max(0, Math.round(value)))
    }
  }
  return { width, height, data }
}

function putWhite(to: RgbImage, part: RgbImage, mask: GrayMask, box: PixelBox, region: PixelBox): void {
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const i = y * mask.width + x
      if (mask.data[i]! < whiteFrom) continue
      const from = ((y - region.y) * region.width + x - region.x) * 3
      for (let c = 0; c < 3; c++) to.data[i * 3 + c] = part.data[from + c]!
    }
  }
}
