/** Inpaints photos of any size: only the masked places with their surroundings are drawn, and only the mask is put back. */
import { StudioError } from '@defect-studio/nodes'
import { cropImage, cropMask, type PixelBox } from '../images/pixel-box.ts'
import { whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import { resizeImage, resizeMask } from '../images/resize-image.ts'
import { compositeInside } from '../masks/composite.ts'
import type { DiffusionModel } from './diffusion-model.ts'
import type { DrawingRequest } from './drawing.ts'
import type { OnStep } from './denoise.ts'
import { chooseRegions } from './inpaint-places.ts'
import { inpaint, type InpaintRequest } from './inpaint.ts'
import { nativeSide, pixelMultiple } from './model-folder.ts'
import { pasteInto } from './paste.ts'
import { toRgbImage } from './pixel-planes.ts'
import { workingSize, type DrawingLimits } from './working-size.ts'

// A grey edge pixel of a shrunken mask belongs to the mask: thin scratches would vanish otherwise.
const TOUCHED_FROM = 16

export type InpaintedPhoto = {
  image: RgbImage
  /** Pixels outside the mask that changed: 0, counted on the result. */
  changedOutside: number
}

/**
 * @param request `feather` is the width in pixels of the soft edge, inside the mask only.
 * @returns one photo of the original's size for each seed.
 * @throws StudioError 'size-mismatch' when photo and mask differ in size; 'invalid-input' when the mask is all black.
 */
export async function inpaintRegion(
  model: DiffusionModel,
  request: InpaintRequest & { feather: number },
): Promise<{ photos: InpaintedPhoto[]; notes: string[] }> {
  const { image, mask, feather } = request
  if (mask.width !== image.width || mask.height !== image.height) {
    throw new StudioError(
      'size-mismatch',
      `The mask is ${mask.width} × ${mask.height}, the picture ${image.width} × ${image.height}.`,
    )
  }
  const limits = { multiple: pixelMultiple(model.folder), nativeSide: nativeSide(model.folder) }
  const regions = chooseRegions(mask, limits)
  if (regions.length === 0) {
    throw new StudioError('invalid-input', 'The mask is all black: mark in white what is to be redrawn.')
  }
  const photos = request.seeds.map(() => ({
    image: { ...image, data: new Uint8Array(image.data) },
    changedOutside: 0,
  }))
  let notes: string[] = []
  for (const [i, region] of regions.entries()) {
    const drawing = await drawRegion(
      model,
      { ...request, onStep: countOn(request, i, regions.length) },
      region,
      limits,
    )
    notes = drawing.notes
    // Every white pixel lies in one region with all black ones near it, so blending by regions is blending the whole.
    const before = cropImage(image, region)
    const where = cropMask(mask, region)
    for (const [k, picture] of drawing.pictures.entries()) {
      const inside = compositeInside(before, picture, where, feather)
      pasteInto(photos[k]!.image, inside.image, region)
      photos[k]!.changedOutside += inside.changedOutside
    }
  }
  return { photos, notes }
}

/** Steps counted over all regions, so that progress runs from 1 to its end once. */
function countOn({ onStep }: DrawingRequest, region: number, regions: number): OnStep | undefined {
  return onStep && (({ step, total }) => onStep({ step: region * total + step, total: regions * total }))
}

async function drawRegion(
  model: DiffusionModel,
  request: InpaintRequest,
  region: PixelBox,
  limits: DrawingLimits,
): Promise<{ pictures: RgbImage[]; notes: string[] }> {
  const size = sizeFor(region, limits)
  const image = await resizeImage(cropImage(request.image, region), size.width, size.height)
  const mask = fillCells(
    await resizeMask(cropMask(request.mask, region), size.width, size.height),
    region.width === size.width && region.height === size.height ? whiteFrom : TOUCHED_FROM,
    model.vae.scaleFactor,
  )
  const { pictures, notes } = await inpaint(model, { ...request, image, mask })
  const resized = pictures.map((picture) => resizeImage(toRgbImage(picture), region.width, region.height))
  return { pictures: await Promise.all(resized), notes }
}

/** The region's own size where the model can draw it, so that nothing is resampled without need. */
function sizeFor(region: PixelBox, limits: DrawingLimits): { width: number; height: number } {
  const fits = region.width % limits.multiple === 0 && region.height % limits.multiple === 0
  const best = workingSize(region, limits)
  const needless = fits && best.width * best.height >= region.width * region.height * 0.99
  return needless ? { width: region.width, height: region.height } : best
}

/**
 * The mask grown to whole latents: a latent covers several pixels, and one that is masked in part would show the model
 * half of what it is to replace. The finer mask decides what is put back.
 */
function fillCells(mask: GrayMask, from: number, cell: number): GrayMask {
  const { width, height } = mask
  const touched = new Uint8Array((width / cell) * (height / cell))
  const cellOf = (i: number) =>
    Math.floor(Math.floor(i / width) / cell) * (width / cell) + Math.floor((i % width) / cell)
  for (let i = 0; i < mask.data.length; i++) if (mask.data[i]! >= from) touched[cellOf(i)] = 255
  return { width, height, data: mask.data.map((_, i) => touched[cellOf(i)]!) }
}
