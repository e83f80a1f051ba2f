/** Puts a task's first pictures side by side into one small WebP, to look at. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { RgbImage } from '../../gpu-workers/images/raster.ts'

const COLUMNS = 8
const SIDE = 128

export type ContactSheets = {
  readonly add: (task: string, picture: RgbImage) => void
  readonly write: (folder: string) => Promise<void>
}

/** @param rows of eight pictures on a sheet; further pictures are not kept. */
export function createContactSheets(rows: number): ContactSheets {
  const sheets = new Map<string, RgbImage[]>()
  return {
    add(task, picture) {
      const pictures = sheets.get(task) ?? []
      sheets.set(task, pictures)
      if (pictures.length < COLUMNS * rows) pictures.push(picture)
    },
    async write(folder) {
      await mkdir(folder, { recursive: true })
      for (const [task, pictures] of sheets) {
        const placed = await Promise.all(
          pictures.map(async ({ width, height, data }, i) => ({
            input: await sharp(data, { raw: { width, height, channels: 3 } })
              .resize(SIDE, SIDE)
              .png()
              .toBuffer(),
            left: (i % COLUMNS) * SIDE,
            top: Math.floor(i / COLUMNS) * SIDE,
          })),
        )
        const size = { width: COLUMNS * SIDE, height: Math.ceil(pictures.length / COLUMNS) * SIDE }
        await sharp({ create: { ...size, channels: 3, background: '#808080' } })
          .composite(placed)
          .webp({ quality: 80 })
          .toFile(join(folder, `${task}.webp`))
      }
    },
  }
}
