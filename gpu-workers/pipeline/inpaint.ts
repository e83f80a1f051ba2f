/** Redraws the masked part of a picture, with inpainting checkpoints (9 channels) and with ordinary ones (4 channels). */
import { StudioError } from '@defect-studio/nodes'
import { whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import type { NoiseSource, Scheduler } from '../schedulers/scheduler.ts'
import { scale } from '../schedulers/scheduler.ts'
import type { DiffusionModel } from './diffusion-model.ts'
import {
  checkRequest,
  encodePrompts,
  finish,
  latentSize,
  plan,
  type Drawing,
  type DrawingRequest,
} from './drawing.ts'
import { createNoiseSource } from './noise.ts'
import { toPlanes } from './pixel-planes.ts'
import type { PixelPlanes } from './vae.ts'

export type InpaintRequest = DrawingRequest & {
  /** In a size that the model can draw. */
  image: RgbImage
  /** Of the image's size; white is redrawn. */
  mask: GrayMask
  /** 0 … 1: how much of the masked part may change. */
  strength: number
}

/**
 * The whole picture comes back, and pixels outside the mask differ a little from the original's: put only the masked
 * part into the photo.
 *
 * Noise is drawn in the order of diffusers' `StableDiffusionInpaintPipeline`, so that a seed gives the same picture.
 *
 * @throws StudioError 'size-mismatch' when image and mask differ in size; 'invalid-input' on numbers out of range.
 */
export async function inpaint(model: DiffusionModel, request: InpaintRequest): Promise<Drawing> {
  checkRequest(model, request)
  const { image, mask, strength, seeds } = request
  if (mask.width !== image.width || mask.height !== image.height) {
    throw new StudioError(
      'size-mismatch',
      `The mask is ${mask.width} × ${mask.height}, the picture ${image.width} × ${image.height}.`,
    )
  }
  const { width, height } = latentSize(model, image.width, image.height)
  const { scheduler, begin } = plan(model, request, strength)
  const { conditioning, notes } = await encodePrompts(model, request)
  const shape = [seeds.length, model.vae.latentChannels, height, width] as const
  const noise = createNoiseSource(seeds)
  const nineChannels = model.unet.inChannels === 9
  const planes = toPlanes(image)
  const latentMask = shrinkMask(mask, model.vae.scaleFactor)

  const original =
    strength < 1 || !nineChannels ? await model.vae.encode(planes, seeds.length, noise) : undefined
  const firstNoise = noise(shape.reduce((product, size) => product * size, 1))
  const latents = startLatents(scheduler, begin, strength, original, firstNoise)
  const job = { scheduler, begin, latents, shape, conditioning, noise }

  if (nineChannels) {
    const masked = await model.vae.encode(hideMasked(planes, mask), seeds.length, noise)
    return finish(model, request, { ...job, beside: besideLatents(latentMask, masked, seeds.length) }, notes)
  }
  skipMaskedEncoding(model, firstNoise.length, noise)
  const afterStep = (current: Float32Array, i: number) =>
    keepUnmasked(current, latentMask, original!, firstNoise, scheduler, i)
  return finish(model, request, { ...job, afterStep }, notes)
}

function startLatents(
  scheduler: Scheduler,
  begin: number,
  strength: number,
  original: Float32Array | undefined,
  noise: Float32Array,
): Float32Array {
  if (!original || strength === 1) return scale(scheduler.initNoiseSigma, noise)
  return begin >= scheduler.timesteps.length ? original : scheduler.addNoise(original, noise, begin)
}

/** The mask in latents: nearest pixel, 0 or 1, as the model was trained on it. */
function shrinkMask({ width, height, data }: GrayMask, factor: number): Float32Array {
  const out = new Float32Array((width / factor) * (height / factor))
  for (let i = 0; i < out.length; i++) {
    const x = (i % (width / factor)) * factor
    const y = Math.floor(i / (width / factor)) * factor
    out[i] = data[y * width + x]! >= whiteFrom ? 1 : 0
  }
  return out
}

/** The picture with its masked part in mid-grey, which is 0. */
function hideMasked(planes: PixelPlanes, mask: GrayMask): PixelPlanes {
  const data = planes.data.map((value, i) => (mask.data[i % mask.data.length]! >= whiteFrom ? 0 : value))
  return { ...planes, data }
}

/** The five further channels of an inpainting UNet, for each picture: mask, then the masked picture's latents. */
function besideLatents(mask: Float32Array, masked: Float32Array, pictures: number): Float32Array {
  const row = masked.length / pictures
  const out = new Float32Array(pictures * (mask.length + row))
  for (let i = 0; i < pictures; i++) {
    out.set(mask, i * (mask.length + row))
    out.set(masked.subarray(i * row, (i + 1) * row), i * (mask.length + row) + mask.length)
  }
  return out
}

/**
 * The reference encodes the masked picture for a 4-channel UNet too and throws it away. Only the noise that this uses
 * up matters, for samplers that go on drawing.
 */
function skipMaskedEncoding(model: DiffusionModel, count: number, noise: NoiseSource): void {
  if (model.vae.samples) noise(count)
}

/** Outside the mask the original, as noisy as the next step expects it: blended latents (Avrahami, arXiv:2206.02779). */
function keepUnmasked(
  latents: Float32Array,
  mask: Float32Array,
  original: Float32Array,
  noise: Float32Array,
  scheduler: Scheduler,
  i: number,
): Float32Array {
  const last = i === scheduler.timesteps.length - 1
  const proper = last ? original : scheduler.addNoise(original, noise, i + 1)
  return latents.map((value, k) => (mask[k % mask.length]! === 1 ? value : proper[k]!))
}
