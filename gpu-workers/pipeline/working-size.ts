/** Decides at which size a photo is drawn: near the size that the model knows, in steps that it can draw. */

/** What a model can draw well, in pixels. */
export type DrawingLimits = {
  /** Sides are multiples of this. */
  multiple: number
  /** Side of the squares that the model was trained on. */
  nativeSide: number
}

// Below half of the trained area Stable Diffusion forgets how things look; beyond about one and a half times the
// trained side it repeats them.
const SMALLEST_AREA = 0.5
const LARGEST_AREA = 1.5 ** 2

/** A size with nearly the photo's proportions, its area near what the model was trained on. */
export function workingSize(
  photo: { width: number; height: number },
  { multiple, nativeSide }: DrawingLimits,
): { width: number; height: number } {
  const area = photo.width * photo.height
  const native = nativeSide ** 2
  const wanted = Math.min(Math.max(area, native * SMALLEST_AREA), native * LARGEST_AREA)
  const factor = Math.sqrt(wanted / area)
  return {
    width: toMultiple(photo.width * factor, multiple),
    height: toMultiple(photo.height * factor, multiple),
  }
}

/** The smallest size that the model can draw and that holds this one. */
export function coveringSize(
  { width, height }: { width: number; height: number },
  multiple: number,
): { width: number; height: number } {
  return { width: Math.ceil(width / multiple) * multiple, height: Math.ceil(height / multiple) * multiple }
}

function toMultiple(side: number, multiple: number): number {
  return Math.max(multiple, Math.round(side / multiple) * multiple)
}
