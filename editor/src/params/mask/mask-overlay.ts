/** The mask as people see it while drawing: a tint over the photo, nothing where it is not. */
import { paintShapes, type MaskShape } from './mask-shapes.ts'

/** @returns a canvas of the photo's size; inside is opaque white, outside is clear. */
export function paintOverlay(
  canvas: HTMLCanvasElement,
  shapes: readonly MaskShape[],
  before: HTMLImageElement | null,
): void {
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) return
  const { width, height } = canvas
  context.globalCompositeOperation = 'source-over'
  context.clearRect(0, 0, width, height)
  if (before) {
    context.drawImage(before, 0, 0, width, height)
    blackToClear(context, width, height)
  }
  for (const shape of shapes) {
    const erases = shape.kind === 'stroke' && shape.erase
    context.globalCompositeOperation = erases ? 'destination-out' : 'source-over'
    paintShapes(context, [shape])
  }
}

function blackToClear(context: CanvasRenderingContext2D, width: number, height: number): void {
  const picture = context.getImageData(0, 0, width, height)
  for (let at = 0; at < picture.data.length; at += 4) picture.data[at + 3] = picture.data[at] ?? 0
  context.putImageData(picture, 0, 0)
}
