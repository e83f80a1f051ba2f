/** Redraws a whole picture: noise is added to it, as much as `strength` says, and taken away under the prompt. */
import { createMask, type RgbImage } from '../images/raster.ts'
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
import { toPlanes } from './pixel-planes.ts'

/**
 * SDEdit (Meng et al., arXiv:2108.01073).
 *
 * @param request `image` has a size that the model can draw; `strength` 0 (keep) … 1 (forget). When so little strength
 *   at so few steps leaves no step at all, the result is the picture as the VAE gives it back.
 */
export async function imageToImage(
  model: DiffusionModel,
  request: DrawingRequest & { image: RgbImage; strength: number },
): Promise<Drawing> {
  checkRequest(model, request)
  const { image, strength, seeds } = request
  if (model.unet.inChannels === 9) {
    const mask = createMask(image.width, image.height)
    mask.data.fill(255)
    return inpaint(model, { ...request, mask })
  }
  const { width, height } = latentSize(model, image.width, image.height)
  const { scheduler, begin } = plan(model, request, strength)
  const { conditioning, notes } = await encodePrompts(model, request)
  const shape = [seeds.length, model.vae.latentChannels, height, width] as const
  const noise = createNoiseSource(seeds)
  const original = await model.vae.encode(toPlanes(image), seeds.length, noise)
  const ready = begin >= scheduler.timesteps.length
  const latents = ready ? original : scheduler.addNoise(original, noise(original.length), begin)
  return finish(model, request, { scheduler, begin, latents, shape, conditioning, noise }, notes)
}
