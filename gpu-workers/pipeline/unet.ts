/** The denoising model: latents at a time t, under a conditioning → its prediction. Knows inputs by rank, not by name. */
import { StudioError } from '@defect-studio/nodes'
import type { OnnxSession } from '../runtime/session.ts'
import type { Tensor, TensorSpec } from '../runtime/tensor.ts'

export type Unet = {
  readonly inChannels: number
  /** Whether a conditioning may have any number of tokens, not only the one that was exported. */
  readonly takesAnyLength: boolean
  /** One prediction for each row of `sample` [n, channels, height, width] with the same row of `conditioning`. */
  readonly predict: (sample: Tensor, timestep: number, conditioning: Tensor) => Promise<Float32Array>
}

/** @throws StudioError 'model-broken' when the session's inputs are not those of a Stable Diffusion UNet. */
export function createUnet(session: OnnxSession, inChannels: number): Unet {
  const sampleInput = theInput(session, 'a sample of 4 dimensions', (spec) => spec.shape.length === 4)
  const conditioningInput = theInput(
    session,
    'a conditioning of 3 dimensions',
    (spec) => spec.shape.length === 3,
  )
  const timeInput = theInput(session, 'a timestep', (spec) => spec.shape.length < 2)
  const known = [sampleInput, conditioningInput, timeInput]
  const strangers = session.inputs.filter((spec) => !known.includes(spec)).map((spec) => spec.name)
  if (strangers.length > 0) {
    throw new StudioError('model-broken', `The UNet also wants ${strangers.join(', ')}, which is not served.`)
  }
  const declared = sampleInput.shape[1]
  if (typeof declared === 'number' && declared !== inChannels) {
    throw new StudioError(
      'model-broken',
      `The UNet takes ${declared} channels, its config.json says ${inChannels}.`,
    )
  }
  const output = session.outputs[0]!.name
  const [batch] = sampleInput.shape

  async function call(sample: Tensor, timestep: number, conditioning: Tensor): Promise<Float32Array> {
    const results = await session.run(
      {
        [sampleInput.name]: sample,
        [conditioningInput.name]: conditioning,
        [timeInput.name]: timeFeed(timeInput, sampleInput, sample.shape[0]!, timestep),
      },
      [output],
    )
    const { data } = results[output]!
    requireFinite(data, timestep, sampleInput.type === 'float16')
    return data
  }

  return {
    inChannels,
    takesAnyLength: typeof conditioningInput.shape[1] === 'string',
    predict: (sample, timestep, conditioning) =>
      typeof batch === 'number' && batch !== sample.shape[0]
        ? predictInParts(batch, sample, conditioning, (s, c) => call(s, timestep, c))
        : call(sample, timestep, conditioning),
  }
}

/** One pass over numbers that took seconds to compute: told at the first bad step instead of after the last. */
function requireFinite(prediction: Float32Array, timestep: number, half: boolean): void {
  let sum = 0
  for (let i = 0; i < prediction.length; i++) sum += prediction[i]!
  // A sum of finite float32 numbers is finite in a double; one NaN or infinity makes it neither.
  if (Number.isFinite(sum)) return
  throw new StudioError(
    'model-broken',
    `The UNet gave numbers that are not finite at time ${timestep}. ` +
      (half
        ? 'It computes in half precision, whose numbers end at 65,504: use the float32 version of this model.'
        : 'Its weights may be damaged: copy or convert the model again.'),
  )
}

function theInput(session: OnnxSession, what: string, fits: (spec: TensorSpec) => boolean): TensorSpec {
  const spec = session.inputs.find(fits)
  if (spec) return spec
  const names = session.inputs.map((input) => `${input.name} [${input.shape.join(', ')}]`).join(', ')
  throw new StudioError('model-broken', `The UNet has no input for ${what}; it has ${names}.`)
}

function timeFeed(spec: TensorSpec, sampleInput: TensorSpec, rows: number, time: number) {
  // Exports with a whole-number time cut off what Euler, LMS and Karras times have behind the point, as diffusers' ONNX
  // pipelines do. Half of DPM2 a's times are whole but for rounding errors, which must not decide.
  const timestep = spec.type.startsWith('int') ? Math.trunc(time + 2 ** -10) : time
  if (spec.shape.length === 0) return { data: [timestep], shape: [] }
  const declared = spec.shape[0]
  // One time for each row where the axis is the batch; else a single one.
  const count = typeof declared === 'number' ? declared : declared === sampleInput.shape[0] ? rows : 1
  return { data: new Array<number>(count).fill(timestep), shape: [count] }
}

/** For an export whose batch is fixed: rows in groups of `batch`, the last group filled up with its first row. */
async function predictInParts(
  batch: number,
  sample: Tensor,
  conditioning: Tensor,
  call: (sample: Tensor, conditioning: Tensor) => Promise<Float32Array>,
): Promise<Float32Array> {
  const rows = sample.shape[0]!
  const parts: Float32Array[] = []
  for (let first = 0; first < rows; first += batch) {
    const answer = await call(takeRows(sample, first, batch), takeRows(conditioning, first, batch))
    parts.push(answer.subarray(0, (answer.length / batch) * Math.min(batch, rows - first)))
  }
  const out = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

function takeRows(tensor: Tensor, first: number, count: number): Tensor {
  const [rows, ...rest] = tensor.shape
  const size = tensor.data.length / rows!
  const data = new Float32Array(count * size)
  for (let i = 0; i < count; i++) {
    const row = first + i < rows! ? first + i : first
    data.set(tensor.data.subarray(row * size, (row + 1) * size), i * size)
  }
  return { data, shape: [count, ...rest] }
}
