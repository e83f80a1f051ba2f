/** Draws pictures from nothing but a prompt and noise. */
import { createMask } from '../images/raster.ts'
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
import { inpaint } from './inpaint.ts'
import { createNoiseSource } from './noise.ts'

/**
 * @param size in pixels; both multiples of what the model can draw (see `pixelMultiple`).
 * @throws StudioError 'invalid-input' on numbers out of range.
 */
export async function textToImage(
  model: DiffusionModel,
  request: DrawingRequest,
  size: { width: number; height: number },
): Promise<Drawing> {
  checkRequest(model, request)
  if (model.unet.inChannels === 9) return drawEverything(model, request, size)
  const { width, height } = latentSize(model, size.width, size.height)
  const { scheduler, begin } = plan(model, request, 1)
  const { conditioning, notes } = await encodePrompts(model, request)
  const shape = [request.seeds.length, model.vae.latentChannels, height, width] as const
  const noise = createNoiseSource(request.seeds)
  const latents = scale(scheduler.initNoiseSigma, noise(shape[0] * shape[1] * height * width))
  return finish(model, request, { scheduler, begin, latents, shape, conditioning, noise }, notes)
}

/** An inpainting model draws a whole picture when everything is masked and nothing shows through. */
function drawEverything(
  model: DiffusionModel,
  request: DrawingRequest,
  { width, height }: { width: number; height: number },
): Promise<Drawing> {
  const mask = createMask(width, height)
  mask.data.fill(255)
  const image = { width, height, data: new Uint8Array(3 * width * height) }
  return inpaint(model, { ...request, image, mask, strength: 1 })
}
