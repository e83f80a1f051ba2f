/** One picture that diffusers drew, as `goldens/*.py` write it down, and what it was given to draw from. */
import { samplers } from '@defect-studio/nodes'
import { z } from 'zod'
import type { GrayMask, RgbImage } from '../images/raster.ts'

export const PictureCase = z.object({
  model: z.string(),
  tool: z.enum(['text', 'long text', 'image', 'inpaint']),
  sampler: z.enum(samplers),
  steps: z.number(),
  guidanceScale: z.number(),
  strength: z.number(),
  seed: z.number(),
  width: z.number(),
  height: z.number(),
  /** How many numbers the reference's latents and pixels are. */
  latents: z.number(),
  pixels: z.number(),
})
export type PictureCase = z.infer<typeof PictureCase>

type Size = Pick<PictureCase, 'width' | 'height'>

/** The photo of `reference_pictures.py`. */
export function casePhoto({ width, height }: Size): RgbImage {
  const data = new Uint8Array(width * height * 3)
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.floor(i / 3)
    data[i] = (pixel % width) * 5 + Math.floor(pixel / width) * 7 + (i % 3) * 60
  }
  return { width, height, data }
}

/** The mask of `reference_pictures.py`. */
export function caseMask({ width, height }: Size): GrayMask {
  const data = new Uint8Array(width * height)
  const left = Math.floor(width / 4) + 1
  const right = Math.floor((width * 4) / 5) - 1
  const bottom = Math.floor((height * 4) / 5) + 1
  for (let y = Math.floor(height / 4); y < bottom; y++) data.fill(255, y * width + left, y * width + right)
  return { width, height, data }
}
