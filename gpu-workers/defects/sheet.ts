/** Draws every kind of defect into every photo of a folder, as one picture to look at while working on them. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { defectKinds } from '@defect-studio/nodes'
import sharp from 'sharp'
import { decodeImage } from '../images/decode-image.ts'
import { encodeMaskPng, encodePng } from '../images/encode-png.ts'
import { resizeImage } from '../images/resize-image.ts'
import { drawDefect } from './draw-defect.ts'

const usage = 'sheet FOLDER OUT.png [severity 0…1] [size 0…1] [seed] [side of one picture, pixels] [masks]'
const [folder, out, severity = '0.6', size = '0.35', seed = '1', side = '256', withMasks] =
  process.argv.slice(2)
if (!folder || !out) {
  console.error(usage)
  process.exit(2)
}
const cell = Number(side)
const names = (await readdir(folder)).filter((name) => /\.(png|jpe?g|webp)$/i.test(name)).sort()
const tiles: { input: Buffer; left: number; top: number }[] = []
for (const [row, name] of names.entries()) {
  const photo = await decodeImage(await readFile(path.join(folder, name)))
  for (const [column, kind] of defectKinds.entries()) {
    const start = performance.now()
    const drawn = await drawDefect({
      image: photo,
      kind,
      severity: Number(severity),
      size: Number(size),
      seed: Number(seed) * 97 + row * 7 + column,
    })
    console.log(`${name} ${kind}: ${Math.round(performance.now() - start)} ms`)
    const shown = withMasks
      ? await encodeMaskPng(drawn.mask)
      : await encodePng(await resizeImage(drawn.image, cell, cell))
    const input = await sharp(shown)
      .resize(cell, cell, { fit: 'fill' })
      .toColourspace('srgb')
      .png()
      .toBuffer()
    tiles.push({ input, left: column * cell, top: row * cell })
  }
}
const sheet = sharp({
  create: { width: cell * defectKinds.length, height: cell * names.length, channels: 3, background: '#000' },
})
await writeFile(out, await sheet.composite(tiles).png().toBuffer())
