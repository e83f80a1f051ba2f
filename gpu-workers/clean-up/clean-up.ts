/** Takes what the mask marks out of a photo and fills the place from its surroundings. */
import { cropImage, cropMask, growBox, type PixelBox } from '../images/pixel-box.ts'
import { countWhite, whiteFrom, type GrayMask, type RgbImage } from '../images/raster.ts'
import { checkMask } from './check-mask.ts'
import { holeClusters } from './hole-clusters.ts'
import { createPace, type Pace } from './pace.ts'
import { fillByPatches } from './patch-match.ts'
import type { Level } from './pyramid.ts'
import { fillWithOpenCv } from './fill-with-open-cv.ts'

export interface CleanUpParams {
  image: RgbImage
  /** White where the photo is to be made anew; of the photo's size. */
  mask: GrayMask
  /** `patch-match` copies texture; the others are quick and smooth. */
  method: 'patch-match' | 'telea' | 'navier-stokes'
  /** Any whole number; only `patch-match` has chance in it. */
  seed: number
  /** Told the part that is done, 0 … 1. */
  onProgress?: ((part: number) => void) | undefined
  /** Stops the work; the promise rejects with its reason. */
  signal?: AbortSignal | undefined
}

/**
 * The photo with the white places filled; black places keep their very bytes. With an empty mask nothing changes.
 * The event loop runs every 25 ms or so.
 *
 * @throws StudioError 'size-mismatch' when photo and mask differ in size, 'invalid-input' when all is white, so that
 * there is nothing to copy from.
 */
export async function cleanUp(params: CleanUpParams): Promise<RgbImage> {
  const { image, mask, method, seed, onProgress = () => {}, signal } = params
  signal?.throwIfAborted()
  checkMask(image, mask)
  const { width, height } = image
  const result: RgbImage = { width, height, data: new Uint8Array(image.data) }
  const open: GrayMask = { width, height, data: Uint8Array.from(mask.data) }
  const pace = createPace(signal)
  const clusters = holeClusters(mask)
  for (const [done, box] of clusters.entries()) {
    await fillCluster(result, open, box, method, (seed + done) >>> 0, pace, (part) =>
      onProgress((done + part) / clusters.length),
    )
  }
  onProgress(1)
  return result
}

async function fillCluster(
  result: RgbImage,
  open: GrayMask,
  box: PixelBox,
  method: CleanUpParams['method'],
  seed: number,
  pace: Pace,
  onProgress: (part: number) => void,
): Promise<void> {
  const around = surroundings(open, box, method)
  const cropped = cropMask(open, around)
  const level: Level = {
    width: around.width,
    height: around.height,
    pixels: Uint8Array.from(cropImage(result, around).data),
    hole: cropped.data.map((value) => (value >= whiteFrom ? 1 : 0)),
  }
  if (method === 'patch-match') await fillByPatches(level, seed, pace, onProgress)
  else await fillWithOpenCv(level, method)
  await pace.rest()
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const to = y * open.width + x
      if (open.data[to]! < whiteFrom) continue
      const from = ((y - around.y) * around.width + x - around.x) * 3
      for (let c = 0; c < 3; c++) result.data[to * 3 + c] = level.pixels[from + c]!
      open.data[to] = 0
    }
  }
}

/** The box and as much of its surroundings as there is need to copy from: at least as much known as unknown. */
function surroundings(open: GrayMask, box: PixelBox, method: CleanUpParams['method']): PixelBox {
  const side = Math.max(box.width, box.height)
  for (let margin = method !== 'patch-match' ? 16 : Math.max(48, Math.min(side, 320)); ; margin *= 2) {
    const around = growBox(box, margin, open.width, open.height)
    const white = countWhite(cropMask(open, around))
    const enough =
      method !== 'patch-match'
        ? white < around.width * around.height
        : white * 2 < around.width * around.height
    if (enough || (around.width === open.width && around.height === open.height)) return around
  }
}
