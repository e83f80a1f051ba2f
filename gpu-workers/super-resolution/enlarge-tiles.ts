/** Enlarges a whole photo piece by piece, so that memory depends on the result and not on what the net needs for it. */
import { setImmediate } from 'node:timers/promises'
import { cropImage } from '../images/pixel-box.ts'
import type { RgbImage } from '../images/raster.ts'
import { resizeImage } from '../images/resize-image.ts'
import { planTiles, type Tile } from './plan-tiles.ts'
import type { SuperResolutionModel } from './super-resolution-model.ts'

export type Watched = {
  signal?: AbortSignal | undefined
  /** Told after each piece how many of how many are done. */
  onStep?: ((step: number, total: number) => void) | undefined
}

/**
 * @param factor 2 … the model's own scale; below it each piece is made smaller (Lanczos) before it is put down.
 * @throws the signal's reason between two pieces.
 */
export async function enlargeTiles(
  model: SuperResolutionModel,
  photo: RgbImage,
  factor: number,
  { signal, onStep = () => {} }: Watched,
): Promise<RgbImage> {
  const { margin } = model.config
  const tile = model.fixed ?? { width: model.config.tile, height: model.config.tile }
  // A net with a small fixed size still has to keep something of what it sees.
  const overlap = Math.min(margin, Math.floor((Math.min(tile.width, tile.height) - 1) / 4))
  const fade = Math.floor(overlap / 3)
  const tiles = planTiles(photo, tile, overlap)
  const result: RgbImage = {
    width: photo.width * factor,
    height: photo.height * factor,
    data: new Uint8Array(3 * photo.width * photo.height * factor * factor),
  }
  // Rows of pieces are put together from left to right and then one under the other, each faded into the one before:
  // where a net looks farther than the margin, its answers differ a little from piece to piece.
  let strip: Strip | undefined
  for (const [done, one] of tiles.entries()) {
    // A session holds its thread: only between two pieces can anybody be heard.
    await setImmediate()
    signal?.throwIfAborted()
    const seen = cropImage(photo, one.seen)
    const piece = model.fixed ? filledUp(seen, model.fixed) : seen
    const large = await resizeImage(await model.enlarge(piece), piece.width * factor, piece.height * factor)
    strip ??= emptyStrip(one, factor, result.width, fade)
    putAcross(large, one, factor, strip, fade)
    if (one.kept.x + one.kept.width === photo.width) {
      putDown(strip, result, fade * factor)
      strip = undefined
    }
    onStep(done + 1, tiles.length)
  }
  return result
}

/** Pixels of the result between two rows of it, both counted from the top. */
type Strip = { from: number; image: RgbImage }

function emptyStrip({ kept, seen }: Tile, factor: number, width: number, fade: number): Strip {
  const below = Math.min(fade, seen.y + seen.height - kept.y - kept.height)
  const height = (kept.height + below) * factor
  return { from: kept.y * factor, image: { width, height, data: new Uint8Array(3 * width * height) } }
}

/** Puts a piece into its strip: what is kept and a little more on the right, where the next one is faded in. */
function putAcross(
  piece: RgbImage,
  { seen, kept }: Tile,
  factor: number,
  { image }: Strip,
  fade: number,
): void {
  const right = Math.min(fade, seen.x + seen.width - kept.x - kept.width)
  const width = (kept.width + right) * factor
  const band = kept.x > 0 ? Math.min(fade * factor, width) : 0
  for (let y = 0; y < image.height; y++) {
    const from = 3 * (((kept.y - seen.y) * factor + y) * piece.width + (kept.x - seen.x) * factor)
    const row = piece.data.subarray(from, from + 3 * width)
    const at = 3 * (y * image.width + kept.x * factor)
    for (let x = 0; x < band; x++) mix(image.data, at + 3 * x, row, 3 * x, 3, (x + 0.5) / band)
    image.data.set(row.subarray(3 * band), at + 3 * band)
  }
}

/** Puts a strip under the one before, faded in over the rows that both have. */
function putDown({ from, image }: Strip, to: RgbImage, band: number): void {
  const length = 3 * to.width
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * length, (y + 1) * length)
    const at = (from + y) * length
    if (from > 0 && y < band) mix(to.data, at, row, 0, length, (y + 0.5) / band)
    else to.data.set(row, at)
  }
}

function mix(
  to: RgbImage['data'],
  at: number,
  own: RgbImage['data'],
  from: number,
  length: number,
  share: number,
): void {
  for (let i = 0; i < length; i++) {
    const before = to[at + i]!
    to[at + i] = Math.round(before + share * (own[from + i]! - before))
  }
}

/** The piece at the fixed size, its last row and column repeated: what is added is thrown away afterwards. */
function filledUp(piece: RgbImage, { width, height }: { width: number; height: number }): RgbImage {
  if (piece.width === width && piece.height === height) return piece
  const data = new Uint8Array(3 * width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = 3 * (Math.min(y, piece.height - 1) * piece.width + Math.min(x, piece.width - 1))
      for (let c = 0; c < 3; c++) data[3 * (y * width + x) + c] = piece.data[from + c]!
    }
  }
  return { width, height, data }
}
