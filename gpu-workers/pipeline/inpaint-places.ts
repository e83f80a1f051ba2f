/** Chooses which parts of a photo are drawn for a mask: each place with what lies around it, near places together. */
import { holeClusters } from '../clean-up/hole-clusters.ts'
import { boxOfWhite, growBox, type PixelBox } from '../images/pixel-box.ts'
import type { GrayMask } from '../images/raster.ts'
import type { DrawingLimits } from './working-size.ts'

// The model must see what it continues: half of the mask's longer side on each side, and never less than this.
const CONTEXT_SHARE = 0.5
const LEAST_CONTEXT = 32
// Each place costs a whole drawing. A mask of more places is drawn as one, coarser.
const MOST_PLACES = 6

/** Boxes that do not overlap and together hold all white pixels; none when there are none. */
export function chooseRegions(mask: GrayMask, limits: DrawingLimits): PixelBox[] {
  const whole = boxOfWhite(mask)
  if (!whole) return []
  const regions = joinOverlapping(
    holeClusters(mask).map((box) => surroundings(box, mask, limits)),
    (box) => fitBox(box, mask, limits),
  )
  return regions.length <= MOST_PLACES ? regions : [surroundings(whole, mask, limits)]
}

function joinOverlapping(boxes: PixelBox[], fit: (box: PixelBox) => PixelBox): PixelBox[] {
  const joined: PixelBox[] = []
  for (let box of boxes) {
    for (let i = joined.findIndex((other) => overlap(box, other)); i >= 0;) {
      const [other] = joined.splice(i, 1)
      box = fit(around(box, other!))
      i = joined.findIndex((one) => overlap(box, one))
    }
    joined.push(box)
  }
  return joined
}

function overlap(a: PixelBox, b: PixelBox): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

function around(a: PixelBox, b: PixelBox): PixelBox {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}

/** The box with what lies around it, for the model to see what it continues. */
function surroundings(box: PixelBox, photo: GrayMask, limits: DrawingLimits): PixelBox {
  const margin = Math.max(LEAST_CONTEXT, Math.round(Math.max(box.width, box.height) * CONTEXT_SHARE))
  return fitBox(growBox(box, margin, photo.width, photo.height), photo, limits)
}

/** The box grown to the model's own size and to what it can draw, as far as the photo goes. */
function fitBox(box: PixelBox, photo: GrayMask, { multiple, nativeSide }: DrawingLimits): PixelBox {
  const width = widen(box.x, box.width, Math.max(nativeSide, box.width), photo.width, multiple)
  const height = widen(box.y, box.height, Math.max(nativeSide, box.height), photo.height, multiple)
  return { x: width.from, width: width.size, y: height.from, height: height.size }
}

/** A span grown to `wanted`, rounded up to the multiple, around its middle and inside 0 … `limit`. */
function widen(from: number, size: number, wanted: number, limit: number, multiple: number) {
  const rounded = Math.min(Math.ceil(wanted / multiple) * multiple, limit)
  const start = Math.round(from - (rounded - size) / 2)
  return { from: Math.min(Math.max(start, 0), limit - rounded), size: rounded }
}
