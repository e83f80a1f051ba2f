/** What a kind of defect leaves to be put onto a photo: not a picture but paint, film and relief, pixel by pixel. */
import type { Light } from './linear-light.ts'

export interface DefectCanvas {
  width: number
  height: number
  /** Whether the pixel belongs to the defect, 0 … 1; the whole effect is multiplied by it. */
  presence: Float32Array
  /** Opacity 0 … 1 of the paint. */
  cover: Float32Array
  /** The paint's colour: R, G, B of light per pixel. */
  paint: Float32Array
  /** What part of the light R, G, B the film on the pixel lets through: 1 is none, 0 is black. */
  film: Float32Array
  /** Height of the relief above the surface, in pixels; its slopes catch or lose light. */
  relief: Float32Array
}

export function createCanvas(width: number, height: number): DefectCanvas {
  const pixels = width * height
  return {
    width,
    height,
    presence: new Float32Array(pixels),
    cover: new Float32Array(pixels),
    paint: new Float32Array(pixels * 3),
    film: new Float32Array(pixels * 3).fill(1),
    relief: new Float32Array(pixels),
  }
}

/** Lays paint of a given opacity over what is on the canvas. */
export function layPaint(
  canvas: DefectCanvas,
  at: number,
  opacity: number,
  colour: Light,
  brightness = 1,
): void {
  if (opacity <= 0) return
  const below = canvas.cover[at]! * (1 - opacity)
  const total = below + opacity
  canvas.cover[at] = total
  for (let c = 0; c < 3; c++) {
    const before = canvas.paint[at * 3 + c]!
    canvas.paint[at * 3 + c] = (before * below + colour[c]! * brightness * opacity) / total
  }
}

/** Lets light through only in part: `density` 0 … of a stuff that takes away the parts `absorbs` of each colour. */
export function layFilm(canvas: DefectCanvas, at: number, density: number, absorbs: Light): void {
  if (density <= 0) return
  for (let c = 0; c < 3; c++) canvas.film[at * 3 + c]! *= Math.exp(-density * absorbs[c]!)
}

/** Makes the pixel part of the defect, at least this much. */
export function include(canvas: DefectCanvas, at: number, presence: number): void {
  if (presence > canvas.presence[at]!) canvas.presence[at] = presence
}
