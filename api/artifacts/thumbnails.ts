/** Small pictures for lists, made when first asked for and kept in memory for a while. */
import { type ArtifactStore, createGate, imagePixels, imageTypeOf } from '@defect-studio/stores'
import sharp, { type Sharp } from 'sharp'

/** Few sizes, so that nobody fills the memory by asking for each. Pixels of the longer side. */
export const thumbnailSizes = [64, 128, 256, 512, 1024] as const

/** About 4,000 thumbnails of 256 pixels. */
const memoryBytes = 64 * 1024 * 1024

export interface Thumbnails {
  /** WebP, no larger than the picture itself. Throws StudioError 'artifact-missing', ImageProblem for what is no picture. */
  make(key: string, size: number): Promise<Buffer>
}

export function createThumbnails(artifacts: Pick<ArtifactStore, 'get'>): Thumbnails {
  const kept = new Map<string, Buffer>()
  let bytes = 0
  const gate = createGate(2)
  return {
    async make(key, size) {
      const width = thumbnailSizes.find((one) => one >= size) ?? 1024
      const id = `${key}/${width}`
      const found = kept.get(id)
      if (found) {
        // Map order is the order of use: what was not asked for longest goes first.
        kept.delete(id)
        kept.set(id, found)
        return found
      }
      return gate(async () => {
        const picture = await open(await artifacts.get(key))
        const made = await picture
          .resize(width, width, { fit: 'inside', withoutEnlargement: true })
          .webp({ quality: 80 })
          .toBuffer()
        if (!kept.has(id)) bytes += made.length
        kept.set(id, made)
        for (const [oldest, buffer] of kept) {
          if (bytes <= memoryBytes) break
          kept.delete(oldest)
          bytes -= buffer.length
        }
        return made
      })
    },
  }
}

/** The largest result that a worker may store; checked when it came. */
const mostPixels = 200_000_000

async function open(bytes: Uint8Array): Promise<Sharp> {
  // sharp reads no BMP; of the others it reads only what a small picture needs.
  if (imageTypeOf(bytes) === 'image/bmp') return imagePixels(bytes, { maxPixels: mostPixels })
  return sharp(bytes, { limitInputPixels: mostPixels, autoOrient: true })
}
