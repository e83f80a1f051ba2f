/** Makes the mask's file: black and white alone, at the full resolution of the photo. */
import { paintShapes, type MaskShape } from './mask-shapes.ts'

/** Edges are drawn smooth; a mask knows only inside and outside, and half covered counts as inside. */
const inside = 128

/** Rows that are read at once, so that a large photo needs no second copy of all its pixels. */
const stripHeight = 256

/** @param before the mask that was there, if it is being changed; stretched to the photo's size. */
export async function renderMask(
  width: number,
  height: number,
  shapes: readonly MaskShape[],
  before: CanvasImageSource | null,
): Promise<{ file: Blob; isEmpty: boolean }> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('This browser cannot draw a picture of this size.')
  context.fillStyle = '#000'
  context.fillRect(0, 0, width, height)
  if (before) context.drawImage(before, 0, 0, width, height)
  paintShapes(context, shapes)
  let isEmpty = true
  for (let top = 0; top < height; top += stripHeight) {
    const strip = context.getImageData(0, top, width, Math.min(stripHeight, height - top))
    if (toBlackAndWhite(strip.data)) isEmpty = false
    context.putImageData(strip, 0, top)
  }
  return { file: await canvas.convertToBlob({ type: 'image/png' }), isEmpty }
}

/** @returns whether any pixel is inside. */
export function toBlackAndWhite(pixels: Uint8ClampedArray): boolean {
  let any = false
  for (let at = 0; at < pixels.length; at += 4) {
    const value = (pixels[at] ?? 0) >= inside ? 255 : 0
    if (value === 255) any = true
    pixels[at] = pixels[at + 1] = pixels[at + 2] = value
    pixels[at + 3] = 255
  }
  return any
}
