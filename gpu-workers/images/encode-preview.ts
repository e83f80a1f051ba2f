/** Makes a picture so small that it can travel with a progress report. */
import { longestPreview } from '@defect-studio/nodes'
import sharp from 'sharp'
import type { RgbImage } from './raster.ts'

/** Pixels of the longer side: as many as a card of the editor shows with some blur. */
const longestSide = 96

/** A WebP as a data URL of at most `longestPreview` characters; undefined for a picture that cannot be made so small. */
export async function encodePreview({ width, height, data }: RgbImage): Promise<string | undefined> {
  for (const [side, quality] of [
    [longestSide, 70],
    [longestSide, 30],
    [longestSide / 2, 30],
  ] as const) {
    const file = await sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .webp({ quality, effort: 2 })
      .toBuffer()
    const url = `data:image/webp;base64,${file.toString('base64')}`
    if (url.length <= longestPreview) return url
  }
  return undefined
}
