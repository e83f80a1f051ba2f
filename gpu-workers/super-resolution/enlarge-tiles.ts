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
  const tiles = planTiles(photo, tile, overlap)
  const result: RgbImage = {
    width: photo.width * factor,
    height: photo.height * factor,
    data: new Uint8Array(3 * photo.width * photo.height * factor * factor),
  }
  for (const [done, one] of tiles.entries()) {
    // A session holds its thread: only between two pieces can anybody be heard.
    await setImmediate()
    signal?.throwIfAborted()
    const seen = cropImage(photo, one.seen)
    const piece = model.fixed ? filledUp(seen, model.fixed) : seen
    const large = await resizeImage(await model.enlarge(piece), piece.width * factor, piece.height * factor)
    put(large, one, factor, result)
    onStep(done + 1, tiles.length)
  }
  return result
}

function put(piece: RgbImage, { seen, kept }: Tile, factor: number, to: RgbImage): void {
  const left = (kept.x - seen.x) * factor
  for (let y = 0; y < kept.height * factor; y++) {
    const from = ((kept.y - seen.y) * factor + y) * piece.width + left
    const row = piece.data.subarray(3 * from, 3 * (from + kept.width * factor))
    to.data.set(row, 3 * ((kept.y * factor + y) * to.width + kept.x * factor))
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
