/** Inpaints photos of any size: only the masked place with its surroundings is drawn, and only the mask is put back. */
import { StudioError } from '@defect-studio/nodes'
import { boxOfWhite, cropImage, cropMask, growBox, type PixelBox } from '../images/pixel-box.ts'
import { whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import { resizeImage, resizeMask } from '../images/resize-image.ts'
import { compositeInside } from '../masks/composite.ts'
import type { DiffusionModel } from './diffusion-model.ts'
import type { DrawingRequest } from './drawing.ts'
import { inpaint } from './inpaint.ts'
import { nativeSide, pixelMultiple } from './model-folder.ts'
import { pasteInto } from './paste.ts'
import { toRgbImage } from './pixel-planes.ts'
import { workingSize, type DrawingLimits } from './working-size.ts'

// The model must see what it continues: half of the mask's longer side on each side, and never less than this.
const CONTEXT_SHARE = 0.5
const LEAST_CONTEXT = 32
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
  request: DrawingRequest & { image: RgbImage; mask: GrayMask; strength: number; feather: number },
): Promise<{ photos: InpaintedPhoto[]; notes: string[] }> {
  const { image, mask, feather } = request
  if (mask.width !== image.width || mask.height !== image.height) {
    throw new StudioError(
      'size-mismatch',
      `The mask is ${mask.width} × ${mask.height}, the picture ${image.width} × ${image.height}.`,
    )
  }
  const box = boxOfWhite(mask)
  if (!box) {
    throw new StudioError('invalid-input', 'The mask is all black: mark in white what is to be redrawn.')
  }
  const limits = { multiple: pixelMultiple(model.folder), nativeSide: nativeSide(model.folder) }
  const region = surroundings(box, image, limits)
  const size = sizeFor(region, limits)
  const small = await resizeImage(cropImage(image, region), size.width, size.height)
  const smallMask = fillCells(
    await resizeMask(cropMask(mask, region), size.width, size.height),
    region.width === size.width && region.height === size.height ? whiteFrom : TOUCHED_FROM,
    model.vae.scaleFactor,
  )
  const { pictures, notes } = await inpaint(model, { ...request, image: small, mask: smallMask })
  const photos: InpaintedPhoto[] = []
  for (const picture of pictures) {
    const drawn = await resizeImage(toRgbImage(picture), region.width, region.height)
    photos.push(compositeInside(image, pasteInto(image, drawn, region), mask, feather))
  }
  return { photos, notes }
}

/** The mask's box with what lies around it, at least as large as the model's own size where the photo allows. */
function surroundings(box: PixelBox, photo: RgbImage, { multiple, nativeSide }: DrawingLimits): PixelBox {
  const margin = Math.max(LEAST_CONTEXT, Math.round(Math.max(box.width, box.height) * CONTEXT_SHARE))
  const grown = growBox(box, margin, photo.width, photo.height)
  const width = widen(grown.x, grown.width, Math.max(nativeSide, grown.width), photo.width, multiple)
  const height = widen(grown.y, grown.height, Math.max(nativeSide, grown.height), photo.height, multiple)
  return { x: width.from, width: width.size, y: height.from, height: height.size }
}

/** A span grown to `wanted`, rounded up to the multiple, around its middle and inside 0 … `limit`. */
function widen(from: number, size: number, wanted: number, limit: number, multiple: number) {
  const rounded = Math.min(Math.ceil(wanted / multiple) * multiple, limit)
  const start = Math.round(from - (rounded - size) / 2)
  return { from: Math.min(Math.max(start, 0), limit - rounded), size: rounded }
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
