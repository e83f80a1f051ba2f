/** A net that gives an alpha matte, whatever names, sizes, precision and number of outputs it was exported with. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { StudioError } from '@defect-studio/nodes'
import type { RgbImage } from '../images/raster.ts'
import { openSession, type OnnxSession, type ProviderConfig } from '../runtime/session.ts'
import type { Tensor } from '../runtime/tensor.ts'
import { readMattingFolder, type MattingConfig } from './matting-folder.ts'
import type { Plane } from './refine-alpha.ts'

export type MattingModel = {
  readonly kind: 'matting'
  readonly bytes: number
  /** The size at which the net wants to see a photo of this size. */
  readonly netSize: (photo: Size) => Size
  /** Alpha 0 … 1 of a photo that has that size; of the same size or a smaller one of the same proportions. */
  readonly matte: (photo: RgbImage) => Promise<Plane>
  readonly dispose: () => Promise<void>
}
type Size = { width: number; height: number }

/** @throws StudioError 'model-broken' when the folder, or what the net takes and gives, is not as expected. */
export async function loadMattingModel(folder: string, provider: ProviderConfig): Promise<MattingModel> {
  const config = await readMattingFolder(folder)
  const file = join(folder, 'model.onnx')
  const session = await openSession(file, provider)
  try {
    const fixed = inputSize(session, file)
    const output = outputOf(session, config, file)
    return {
      kind: 'matting',
      bytes: (await stat(file)).size,
      netSize: (photo) => netSize(photo, config, fixed),
      matte: (photo) => runNet(session, output, config, photo),
      dispose: session.dispose,
    }
  } catch (error) {
    await session.dispose()
    throw error
  }
}

/** Height and width that the net insists on; where it takes any, undefined. */
function inputSize({ inputs }: OnnxSession, file: string): Partial<Size> {
  const [input] = inputs
  if (
    inputs.length !== 1 ||
    input?.shape.length !== 4 ||
    (typeof input.shape[1] === 'number' && input.shape[1] !== 3)
  ) {
    const seen = inputs.map(({ name, shape }) => `${name} [${shape.join(', ')}]`).join(', ')
    throw new StudioError(
      'model-broken',
      `${file} takes ${seen}; a model that removes backgrounds takes one picture [1, 3, height, width].`,
    )
  }
  const [, , height, width] = input.shape
  return {
    ...(typeof height === 'number' && height > 0 ? { height } : {}),
    ...(typeof width === 'number' && width > 0 ? { width } : {}),
  }
}

function outputOf({ outputs }: OnnxSession, { output }: MattingConfig, file: string): string {
  const found =
    output === 'first'
      ? outputs[0]
      : output === 'last'
        ? outputs.at(-1)
        : outputs.find(({ name }) => name === output)
  if (!found) {
    throw new StudioError(
      'model-broken',
      `${file} has no output "${output}", which its config.json names; it has ${outputs.map(({ name }) => name).join(', ')}.`,
    )
  }
  return found.name
}

/** The net's own size, else the config's: the photo's proportions kept or a square, in steps that the net takes. */
function netSize({ width, height }: Size, config: MattingConfig, fixed: Partial<Size>): Size {
  const { input_size: size, size_multiple: multiple, fit } = config
  const factor = size / Math.max(width, height)
  const steps = (side: number) => Math.max(multiple, Math.round(side / multiple) * multiple)
  const own = (side: number) => steps(fit === 'stretch' ? size : side * factor)
  return { width: fixed.width ?? own(width), height: fixed.height ?? own(height) }
}

async function runNet(
  session: OnnxSession,
  output: string,
  config: MattingConfig,
  photo: RgbImage,
): Promise<Plane> {
  const { width, height } = photo
  const feed = { data: toPlanes(photo, config), shape: [1, 3, height, width] }
  const answer = (await session.run({ [session.inputs[0]!.name]: feed }, [output]))[output]!
  const size = planeSize(answer, photo)
  const { data } = answer
  if (config.activation === 'sigmoid')
    for (let i = 0; i < data.length; i++) data[i] = 1 / (1 + Math.exp(-data[i]!))
  return { ...size, data: config.stretch_alpha ? stretched(data) : data.map(clamped) }
}

function toPlanes({ width, height, data }: RgbImage, { scale, mean, std }: MattingConfig): Float32Array {
  const size = width * height
  const divisor = scale === 'byte' ? 255 : largest(data)
  const planes = new Float32Array(3 * size)
  for (let c = 0; c < 3; c++) {
    for (let i = 0; i < size; i++) planes[c * size + i] = (data[3 * i + c]! / divisor - mean[c]!) / std[c]!
  }
  return planes
}

/** At least 1, so that a black photo is divided by something. */
function largest(data: RgbImage['data']): number {
  let most = 1
  for (const value of data) most = Math.max(most, value)
  return most
}

/** The matte's size: [1, 1, h, w] or [1, h, w], finite, in the proportions of what the net saw. */
function planeSize({ data, shape }: Tensor, photo: RgbImage): Size {
  const [height, width] = shape.slice(-2)
  const whole =
    width !== undefined && height !== undefined && data.length === width * height && data.length > 0
  const alike = whole && Math.abs(width / height / (photo.width / photo.height) - 1) < 0.05
  if (!alike || !data.every(Number.isFinite)) {
    throw new StudioError(
      'model-broken',
      `The model gave [${shape.join(', ')}] for a photo of ${photo.width} × ${photo.height}; one alpha per pixel is needed.`,
    )
  }
  return { width, height }
}

/** From its least value as 0 to its largest as 1; a matte that is the same everywhere is left as it is. */
function stretched(alpha: Float32Array): Float32Array {
  let least = Infinity
  let largest = -Infinity
  for (const value of alpha) {
    least = Math.min(least, value)
    largest = Math.max(largest, value)
  }
  const span = largest - least
  return span < 1e-6 ? alpha.map(clamped) : alpha.map((value) => (value - least) / span)
}

const clamped = (value: number) => Math.min(Math.max(value, 0), 1)
