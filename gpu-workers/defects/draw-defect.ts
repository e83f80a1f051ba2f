/** Paints a defect into a real photo by procedure, lit and coloured as the photo is, and gives its exact mask. */
import { StudioError, type DefectKind } from '@defect-studio/nodes'
import { createPace } from '../clean-up/pace.ts'
import { growBox, type PixelBox } from '../images/pixel-box.ts'
import { createMask, whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import { drawContamination } from './contamination.ts'
import { drawCrack } from './crack.ts'
import { createCanvas } from './defect-canvas.ts'
import type { DrawKind } from './defect-task.ts'
import { drawDent } from './dent.ts'
import { drawHole } from './hole.ts'
import { smoothStep } from './noise.ts'
import { findPlaceArea, placeAnywhere, placeInArea, type Spot } from './place-defect.ts'
import { putOnPhoto, type WorkedPhoto } from './put-on-photo.ts'
import { drawRust } from './rust.ts'
import { drawScratch } from './scratch.ts'
import { createSeededRandom, type SeededRandom } from './seeded-random.ts'
import { drawStain } from './stain.ts'
import { observeSurroundings } from './surroundings.ts'

export interface DrawDefectParams {
  image: RgbImage
  kind: DefectKind
  /** Length or diameter as a part of the photo's shorter side, 0 … 1; 0.25 when left out. */
  size?: number | undefined
  /** 0 (barely seen) … 1 (gross). */
  severity: number
  /** Any whole number: the same one draws the same bytes. */
  seed: number
  /** Where it may go: into the largest white area, and never onto a black pixel. Anywhere when left out. */
  place?: GrayMask | null | undefined
  /** How many; 1 when left out. */
  count?: number | undefined
  /** Told the part that is done, 0 … 1. */
  onProgress?: ((part: number) => void) | undefined
  /** Stops the work between two defects; the promise rejects with its reason. */
  signal?: AbortSignal | undefined
}

export interface DrawnDefect {
  image: RgbImage
  /** 255 exactly where the photo's bytes were changed, 0 elsewhere; never empty. */
  mask: GrayMask
}

const kinds: Record<DefectKind, { draw: DrawKind; isLong: boolean }> = {
  scratch: { draw: drawScratch, isLong: true },
  crack: { draw: drawCrack, isLong: true },
  hole: { draw: drawHole, isLong: false },
  stain: { draw: drawStain, isLong: false },
  dent: { draw: drawDent, isLong: false },
  rust: { draw: drawRust, isLong: false },
  contamination: { draw: drawContamination, isLong: false },
}

/** A canvas has at most this many pixels to a side; a larger defect is drawn at this size and interpolated. */
const largestCanvas = 1536

/**
 * The photo with the defect, and the mask of what changed. The input is not touched. The event loop runs between
 * two defects; one takes some 50 ms in a photo of 512 × 512 pixels and up to ten seconds when it fills 40 megapixels.
 *
 * @throws StudioError 'invalid-input' when the place is black everywhere, 'size-mismatch' when it has another size.
 */
export async function drawDefect(params: DrawDefectParams): Promise<DrawnDefect> {
  const { image, kind, size = 0.25, severity, seed, place = null, count = 1, onProgress, signal } = params
  const { width, height } = image
  const pace = createPace(signal)
  const result: RgbImage = { width, height, data: new Uint8Array(image.data) }
  const mask = createMask(width, height)
  const work: WorkedPhoto = { original: image, photo: result, mask }
  const area = place ? checkedArea(place, image) : null
  const random = createSeededRandom(seed)
  const extent = Math.max(3, Math.min(width, height) * Math.min(1, Math.max(0, size)))
  for (let i = 0; i < count; i++) {
    await pace.rest()
    const own = createSeededRandom(random.seed())
    const spot = area
      ? placeInArea(area, extent, kinds[kind].isLong, own)
      : placeAnywhere(width, height, extent, own)
    const changed = drawAt(work, spot, kind, Math.min(1, Math.max(0, severity)), own, place)
    if (changed === 0) markOnePixel(result, mask, spot, place)
    onProgress?.((i + 1) / count)
  }
  return { image: result, mask }
}

function checkedArea(place: GrayMask, image: RgbImage) {
  if (place.width !== image.width || place.height !== image.height) {
    throw new StudioError(
      'size-mismatch',
      `The place has ${place.width} × ${place.height} pixels, the photo ${image.width} × ${image.height}.`,
    )
  }
  const area = findPlaceArea(place)
  if (!area) {
    throw new StudioError(
      'invalid-input',
      'The place is black everywhere: paint white where the defect may go.',
    )
  }
  return area
}

function drawAt(
  work: WorkedPhoto,
  spot: Spot,
  kind: DefectKind,
  severity: number,
  random: SeededRandom,
  place: GrayMask | null,
): number {
  const { photo } = work
  const reach = Math.ceil(spot.extent * 0.75 + 8)
  const box = growBox(
    { x: Math.floor(spot.x), y: Math.floor(spot.y), width: 1, height: 1 },
    reach,
    photo.width,
    photo.height,
  )
  const surroundings = observeSurroundings(photo, box)
  const scale = Math.min(1, largestCanvas / Math.max(box.width, box.height))
  const canvas = createCanvas(Math.ceil(box.width * scale), Math.ceil(box.height * scale))
  kinds[kind].draw({
    canvas,
    x: (spot.x - box.x) * scale,
    y: (spot.y - box.y) * scale,
    extent: spot.extent * scale,
    angle: spot.angle,
    severity,
    soft: Math.max(0.6, surroundings.blur * 1.15 * scale),
    surroundings,
    random,
  })
  return putOnPhoto(work, canvas, { ...box, scale }, surroundings, random.seed(), allowance(place, box))
}

/** Full effect inside the place, fading over a few pixels towards its edge, none outside. */
function allowance(place: GrayMask | null, box: PixelBox): (x: number, y: number) => number {
  if (!place) return () => 1
  const fade = Math.max(1, Math.min(4, Math.min(box.width, box.height) / 24))
  const reach = Math.ceil(fade)
  const white = (x: number, y: number) =>
    x < 0 || y < 0 || x >= place.width || y >= place.height || place.data[y * place.width + x]! >= whiteFrom
  return (x, y) => {
    if (!white(x, y)) return 0
    let nearest = fade + 1
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        if (!white(x + dx, y + dy)) nearest = Math.min(nearest, Math.hypot(dx, dy))
      }
    }
    return smoothStep(0, fade + 1, nearest)
  }
}

/** A place of a pixel or two leaves no room to fade: then one white pixel changes visibly, so that none is empty. */
function markOnePixel(photo: RgbImage, mask: GrayMask, spot: Spot, place: GrayMask | null): void {
  const wanted = Math.floor(spot.y) * photo.width + Math.floor(spot.x)
  const isFree = (at: number) => (!place || place.data[at]! >= whiteFrom) && mask.data[at] === 0
  const at = isFree(wanted) ? wanted : mask.data.findIndex((_, pixel) => isFree(pixel))
  if (at < 0) return
  mask.data[at] = 255
  for (let c = at * 3; c < at * 3 + 3; c++)
    photo.data[c] = photo.data[c]! > 127 ? photo.data[c]! - 90 : photo.data[c]! + 90
}
