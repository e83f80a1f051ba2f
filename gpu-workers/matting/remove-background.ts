/** Cuts the part in a photo out of its background with a small network that gives an alpha matte. */
import { join } from 'node:path'
import { stat } from 'node:fs/promises'
import { StudioError } from '@defect-studio/nodes'
import type { GrayMask, RgbaImage, RgbImage } from '../images/raster.ts'
import { resizeImage } from '../images/resize-image.ts'
import { openSession, type OnnxSession, type ProviderConfig } from '../runtime/session.ts'
import { readMattingFolder, type MattingConfig } from './matting-folder.ts'
import { refineAlpha, type Plane } from './refine-alpha.ts'

export type MattingModel = {
  readonly kind: 'matting'
  readonly bytes: number
  /** Alpha 0 … 1 of a photo at the size it has, which must be a multiple of what the net takes. */
  readonly matte: (photo: RgbImage) => Promise<Plane>
  readonly config: MattingConfig
  readonly dispose: () => Promise<void>
}

export async function loadMattingModel(folder: string, provider: ProviderConfig): Promise<MattingModel> {
  const config = await readMattingFolder(folder)
  const file = join(folder, 'model.onnx')
  const session = await openSession(file, provider)
  const input = session.inputs[0]
  if (session.inputs.length !== 1 || input?.shape.length !== 4) {
    await session.dispose()
    throw new StudioError('model-broken', `${file} does not take one picture [1, 3, height, width].`)
  }
  return {
    kind: 'matting',
    bytes: (await stat(file)).size,
    config,
    matte: (photo) => runNet(session, config, photo),
    dispose: session.dispose,
  }
}

export type CutOut = {
  /** The photo with alpha, at its own size. */
  image: RgbaImage
  /** The alpha as a mask: 255 where the part is. */
  mask: GrayMask
}

/** @throws StudioError 'model-broken' when the net's answer is not an alpha matte. */
export async function removeBackground(model: MattingModel, photo: RgbImage): Promise<CutOut> {
  const size = netSize(photo, model.config)
  const small = await resizeImage(photo, size.width, size.height)
  const alpha = refineAlpha(await model.matte(small), small, photo)
  const { width, height } = photo
  const rgba = new Uint8Array(4 * width * height)
  const mask = new Uint8Array(width * height)
  for (let i = 0; i < mask.length; i++) {
    mask[i] = Math.round(alpha.data[i]! * 255)
    rgba.set(photo.data.subarray(3 * i, 3 * i + 3), 4 * i)
    rgba[4 * i + 3] = mask[i]!
  }
  return { image: { width, height, data: rgba }, mask: { width, height, data: mask } }
}

/** The photo's proportions with the longer side at the net's size, both sides multiples of what it takes. */
function netSize({ width, height }: RgbImage, { input_size: size, size_multiple: multiple }: MattingConfig) {
  const factor = size / Math.max(width, height)
  const fit = (side: number) => Math.max(multiple, Math.round((side * factor) / multiple) * multiple)
  return { width: fit(width), height: fit(height) }
}

async function runNet(session: OnnxSession, { mean, std }: MattingConfig, photo: RgbImage): Promise<Plane> {
  const { width, height, data } = photo
  const size = width * height
  const planes = new Float32Array(3 * size)
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < size; i++) planes[c * size + i] = (data[3 * i + c]! / 255 - mean[c]!) / std[c]!
  }
  const output = session.outputs[0]!.name
  const feed = { data: planes, shape: [1, 3, height, width] }
  const answer = (await session.run({ [session.inputs[0]!.name]: feed }, [output]))[output]!
  if (answer.data.length !== size || !answer.data.every(Number.isFinite)) {
    throw new StudioError(
      'model-broken',
      `The model gave [${answer.shape.join(', ')}] for a photo of ${width} × ${height}; one alpha per pixel is needed.`,
    )
  }
  return { width, height, data: answer.data.map((alpha) => Math.min(Math.max(alpha, 0), 1)) }
}
