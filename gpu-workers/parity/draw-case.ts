/** Draws with our pipeline what `reference_pictures.py` drew with diffusers. */
import type { DiffusionModel } from '../pipeline/diffusion-model.ts'
import type { Drawing } from '../pipeline/drawing.ts'
import { imageToImage } from '../pipeline/image-to-image.ts'
import { inpaint } from '../pipeline/inpaint.ts'
import { textToImage } from '../pipeline/text-to-image.ts'
import { caseMask, casePhoto, type PictureCase } from './picture-case.ts'

export type Prompts = { prompt: string; negativePrompt: string }

/** @param seeds one picture each; the case's own alone when absent. */
export function drawCase(
  model: DiffusionModel,
  one: PictureCase,
  prompts: Prompts,
  seeds: readonly number[] = [one.seed],
): Promise<Drawing> {
  const { steps, guidanceScale, sampler, strength, width, height } = one
  const request = { ...prompts, steps, guidanceScale, sampler, seeds }
  if (one.tool === 'text' || one.tool === 'long text') return textToImage(model, request, { width, height })
  const image = casePhoto(one)
  if (one.tool === 'image') return imageToImage(model, { ...request, image, strength })
  return inpaint(model, { ...request, image, mask: caseMask(one), strength })
}
