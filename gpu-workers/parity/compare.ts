/** `npm run parity`: draws with our pipeline what diffusers drew, and prints how far apart they are at worst. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { loadDiffusionModel } from '../pipeline/diffusion-model.ts'
import { difference, meanSize, type Difference } from './difference.ts'
import { drawCase } from './draw-case.ts'
import { PictureCase } from './picture-case.ts'
import { createReport } from './report.ts'

const StoredCase = PictureCase.extend({ prompt: z.string(), negativePrompt: z.string() })

const { values: options } = parseArgs({
  options: {
    from: { type: 'string' },
    model: { type: 'string', multiple: true },
    sampler: { type: 'string', multiple: true },
    threads: { type: 'string', default: '1' },
  },
})
if (!options.from) throw new Error('--from FOLDER names what goldens/parity.py wrote.')

const report = createReport()
for (const name of options.model ?? (await readdir(options.from)))
  await compareModel(join(options.from, name))
console.log(report.table())
console.log(JSON.stringify(report.summary()))
process.exitCode = report.summary().passed ? 0 : 1

async function compareModel(folder: string): Promise<void> {
  const names = (await readdir(join(folder, 'cases'))).filter((name) => name.endsWith('.json')).sort()
  const model = await loadDiffusionModel(join(folder, 'onnx'), {
    provider: 'cpu',
    threads: Number(options.threads),
  })
  try {
    for (const name of names) {
      const one = StoredCase.parse(JSON.parse(await readFile(join(folder, 'cases', name), 'utf8')))
      if (options.sampler && !options.sampler.includes(one.sampler)) continue
      const drawing = await drawCase(model, one, one)
      const expected = await readNumbers(join(folder, 'cases', name.replace(/json$/, 'bin')), one.latents)
      const apart: { latents: Difference; pixels: Difference } = {
        latents: difference(drawing.latents, expected.latents),
        pixels: difference(drawing.pictures[0]!.data, expected.pixels),
      }
      report.add(one, apart, meanSize(expected.latents))
    }
  } finally {
    await model.dispose()
  }
}

async function readNumbers(file: string, latents: number) {
  const bytes = await readFile(file)
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
  return { latents: numbers.subarray(0, latents), pixels: numbers.subarray(latents) }
}
