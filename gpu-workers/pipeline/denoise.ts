/** The loop at the heart of every tool: ask the model, guide, let the sampler move one step, until the noise is gone. */
import { StudioError } from '@defect-studio/nodes'
import type { RgbImage } from '../images/raster.ts'
import type { Tensor } from '../runtime/tensor.ts'
import type { NoiseSource, Scheduler } from '../schedulers/scheduler.ts'
import type { Unet } from './unet.ts'

/** Called after each step; `step` counts from 1. After some steps comes a rough picture of the first latents. */
export type OnStep = (progress: { step: number; total: number; preview?: RgbImage | undefined }) => void

/** As `OnStep`, with what the model was shown at its last call, all pictures, and what it said. */
type OnDenoised = (progress: { step: number; total: number; last: ModelCall }) => void
export type ModelCall = { sample: Float32Array; answer: Float32Array; timestep: number }

export type Denoising = {
  unet: Unet
  scheduler: Scheduler
  /** Index into the sampler's times at which to begin: 0 from pure noise. */
  begin: number
  /** Noisy latents, all pictures one after the other. */
  latents: Float32Array
  /** [pictures, latent channels, height, width]. */
  shape: readonly [number, number, number, number]
  /** What a 9-channel UNet sees beside the latents: mask and masked picture, all pictures one after the other. */
  beside?: Float32Array | undefined
  conditioning: Conditioning
  guidanceScale: number
  noise: NoiseSource
  /** Changes the latents after each step; index i is the step just made. */
  afterStep?: (latents: Float32Array, i: number) => Float32Array
  onStep?: OnDenoised | undefined
  signal?: AbortSignal | undefined
}

/** One row for the prompt; one for the negative prompt, absent when guidance is off. */
export type Conditioning = { prompt: Tensor; negative?: Tensor }

/**
 * @returns the clean latents.
 * @throws StudioError 'model-broken' when the numbers stop being finite; the signal's reason when aborted.
 */
export async function denoise(job: Denoising): Promise<Float32Array> {
  const { scheduler, begin, noise, signal } = job
  const total = scheduler.timesteps.length - begin
  const conditioning = repeatConditioning(job.conditioning, job.shape[0])
  let latents = job.latents
  for (let i = begin; i < scheduler.timesteps.length; i++) {
    signal?.throwIfAborted()
    const sample = scheduler.scaleModelInput(latents, i)
    const input = arrangeInput(job, sample)
    const answer = guide(job, await job.unet.predict(input, scheduler.timesteps[i]!, conditioning))
    latents = scheduler.step(answer, i, latents, noise)
    if (job.afterStep) latents = job.afterStep(latents, i)
    job.onStep?.({
      step: Math.ceil((i - begin + 1) / scheduler.order),
      total: Math.ceil(total / scheduler.order),
      last: { sample, answer, timestep: scheduler.timesteps[i]! },
    })
  }
  signal?.throwIfAborted()
  if (!latents.every(Number.isFinite)) {
    throw new StudioError(
      'model-broken',
      'The model gave numbers that are not finite. A half-precision export does this: use the float32 one.',
    )
  }
  return latents
}

/** Rows for the model: once without guidance; twice with it, all negative rows first. */
function repeatConditioning({ prompt, negative }: Conditioning, pictures: number): Tensor {
  const rows = negative ? [negative, prompt] : [prompt]
  const [, ...shape] = prompt.shape
  const data = new Float32Array(rows.length * pictures * prompt.data.length)
  for (let i = 0; i < rows.length * pictures; i++) {
    data.set(rows[Math.floor(i / pictures)]!.data, i * prompt.data.length)
  }
  return { data, shape: [rows.length * pictures, ...shape] }
}

function arrangeInput({ unet, shape, beside, conditioning }: Denoising, scaled: Float32Array): Tensor {
  const [pictures, , height, width] = shape
  const rows = conditioning.negative ? 2 * pictures : pictures
  if (rows === pictures && !beside) return { data: scaled, shape }
  const own = scaled.length / pictures
  const extra = (beside?.length ?? 0) / pictures
  const row = own + extra
  const data = new Float32Array(rows * row)
  for (let i = 0; i < rows; i++) {
    const picture = i % pictures
    data.set(scaled.subarray(picture * own, (picture + 1) * own), i * row)
    if (beside) data.set(beside.subarray(picture * extra, (picture + 1) * extra), i * row + own)
  }
  return { data, shape: [rows, unet.inChannels, height, width] }
}

/** Classifier-free guidance (Ho and Salimans, arXiv:2207.12598), in the form ε̂ = ε_neg + scale · (ε_prompt − ε_neg). */
function guide({ conditioning, guidanceScale }: Denoising, answer: Float32Array): Float32Array {
  if (!conditioning.negative) return answer
  const half = answer.length / 2
  const out = new Float32Array(half)
  for (let i = 0; i < half; i++) {
    const negative = answer[i]!
    out[i] = negative + guidanceScale * (answer[half + i]! - negative)
  }
  return out
}
