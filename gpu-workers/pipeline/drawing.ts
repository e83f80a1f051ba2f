/** What the diffusion tools have in common: what is asked, what comes back, and the way from prompt to pixels. */
import { StudioError, type Sampler } from '@defect-studio/nodes'
import { createScheduler } from '../schedulers/index.ts'
import type { Scheduler } from '../schedulers/scheduler.ts'
import { denoise, type Conditioning, type Denoising, type OnStep } from './denoise.ts'
import type { DiffusionModel } from './diffusion-model.ts'
import { estimateLatents, previewLatents } from './latent-preview.ts'
import { pixelMultiple } from './model-folder.ts'
import type { PixelPlanes } from './vae.ts'

/** What every diffusion tool is told. */
export type DrawingRequest = {
  prompt: string
  negativePrompt: string
  /** 1 … 150. */
  steps: number
  /** 1 (off) … 20. */
  guidanceScale: number
  sampler: Sampler
  /** 1 (the last layer of the text encoder, also when absent) … 12. */
  clipSkip?: number | undefined
  /** One picture for each seed, 0 … 2^32 − 1; they share each call of the model. */
  seeds: readonly number[]
  onStep?: OnStep | undefined
  /** Checked between steps. */
  signal?: AbortSignal | undefined
}

export type Drawing = {
  /** Planes 0 … 1, in the order of the seeds. */
  pictures: PixelPlanes[]
  /** The clean latents before decoding, all pictures one after the other. */
  latents: Float32Array
  /** What the person who asked should know, in sentences. */
  notes: string[]
}

/** @throws StudioError 'invalid-input' naming the first number that is out of range. */
export function checkRequest(model: DiffusionModel, request: DrawingRequest): void {
  const trained = model.folder.noiseSchedule.num_train_timesteps
  requireRange('Steps', request.steps, 1, Math.min(150, trained), true)
  requireRange('Guidance scale', request.guidanceScale, 1, 20)
  requireRange('Clip skip', request.clipSkip ?? 1, 1, 12, true)
  if (request.seeds.length === 0) throw new StudioError('invalid-input', 'At least one seed is needed.')
  for (const seed of request.seeds) requireRange('Seed', seed, 0, 2 ** 32 - 1, true)
}

export function requireRange(name: string, value: number, min: number, max: number, whole = false): void {
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return
  const kind = whole ? 'a whole number' : 'a number'
  throw new StudioError('invalid-input', `${name} must be ${kind} from ${min} to ${max}; it is ${value}.`)
}

/** @throws StudioError 'invalid-input' when the model cannot draw this size as it is. */
export function latentSize(
  model: DiffusionModel,
  width: number,
  height: number,
): { width: number; height: number } {
  const multiple = pixelMultiple(model.folder)
  if (width <= 0 || height <= 0 || width % multiple !== 0 || height % multiple !== 0) {
    throw new StudioError(
      'invalid-input',
      `This model draws widths and heights that are multiples of ${multiple}; ${width} × ${height} is not.`,
    )
  }
  return { width: width / model.vae.scaleFactor, height: height / model.vae.scaleFactor }
}

/** Encodes both prompts, or one when guidance is off. */
export async function encodePrompts(
  model: DiffusionModel,
  { prompt, negativePrompt, guidanceScale, clipSkip }: DrawingRequest,
): Promise<{ conditioning: Conditioning; notes: string[] }> {
  const prompts = guidanceScale > 1 ? [prompt, negativePrompt] : [prompt]
  const { conditionings, notes } = await model.textEncoder.encode(
    prompts,
    model.unet.takesAnyLength,
    clipSkip,
  )
  const [positive, negative] = conditionings
  return { conditioning: negative ? { prompt: positive!, negative } : { prompt: positive! }, notes }
}

/** A sampler for the request and the index at which `strength` lets it begin; `begin` at the end means: nothing to do. */
export function plan(model: DiffusionModel, request: DrawingRequest, strength: number) {
  const scheduler = createScheduler(request.sampler, model.folder.noiseSchedule, request.steps)
  return { scheduler, begin: (request.steps - stepsToMake(request.steps, strength)) * scheduler.order }
}

/** How many of the steps are made at this strength, as diffusers counts them. */
export function stepsToMake(steps: number, strength: number): number {
  requireRange('Strength', strength, 0, 1)
  return Math.trunc(steps * strength)
}

/** The noise-free latents of a job, decoded. */
export async function finish(
  model: DiffusionModel,
  request: DrawingRequest,
  job: Omit<Denoising, 'unet' | 'guidanceScale' | 'onStep' | 'signal'> & { scheduler: Scheduler },
  notes: string[],
): Promise<Drawing> {
  const { guidanceScale, signal } = request
  const onStep = await withPreviews(model, request, job.shape)
  const latents = await denoise({ ...job, unet: model.unet, guidanceScale, onStep, signal })
  const [count, , height, width] = job.shape
  const row = latents.length / count
  const pictures: PixelPlanes[] = []
  for (let i = 0; i < count; i++) {
    pictures.push(await model.vae.decode(latents.slice(i * row, (i + 1) * row), width, height))
  }
  return { pictures, latents, notes }
}

/** Seven previews or so for each picture, however many its steps: they show that it goes where it should. */
const previewEvery = (total: number) => Math.max(2, Math.ceil(total / 8))

async function withPreviews(
  model: DiffusionModel,
  { onStep }: DrawingRequest,
  [pictures, , height, width]: Denoising['shape'],
): Promise<Denoising['onStep']> {
  if (!onStep) return undefined
  const factors = await model.rgbFactors()
  let shown = 0
  return ({ step, total, last }) => {
    const due = step > shown && step < total && step % previewEvery(total) === 0
    if (!due) return onStep({ step, total })
    shown = step
    const estimate = estimateLatents(last, model.folder.noiseSchedule, last.sample.length / pictures)
    const preview = previewLatents(estimate, width, height, factors)
    onStep({ step, total, preview })
  }
}
