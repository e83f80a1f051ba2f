/** Has pypatchmatch fill the same hole, in a process of its own that says how long the filling alone took. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { GrayMask, RgbImage } from '../../gpu-workers/images/raster.ts'
import { psnrInside } from './psnr-inside.ts'

const run = promisify(execFile)
const script = fileURLToPath(new URL('./pypatchmatch_once.py', import.meta.url))
const Times = z.object({ seconds: z.number(), cpuSeconds: z.number() })

/** @returns times and dB, or the reason why there are none. */
export async function measureReference(
  python: string,
  photo: RgbImage,
  mask: GrayMask,
): Promise<{ seconds: number; cpuSeconds: number; psnr: number } | { reason: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-clean-up-'))
  try {
    await writeFile(join(folder, 'photo.bin'), photo.data)
    await writeFile(join(folder, 'mask.bin'), mask.data)
    const { stdout } = await run(python, [script, folder, String(photo.width), String(photo.height)])
    const data = new Uint8Array(await readFile(join(folder, 'filled.bin')))
    return { ...Times.parse(JSON.parse(stdout)), psnr: psnrInside(photo, { ...photo, data }, mask) }
  } catch (error) {
    const why = error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)
    return { reason: `${why} (${python} needs \`pip install pypatchmatch\`; name another with --python)` }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
