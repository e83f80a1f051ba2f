/** `npm run bench -- clean-up --json`: how long clean up takes, beside pypatchmatch (C++) on the same photos and masks. */
import { parseArgs } from 'node:util'
import { cleanUp, type CleanUpParams } from '../gpu-workers/clean-up/clean-up.ts'
import type { GrayMask, RgbImage } from '../gpu-workers/images/raster.ts'
import { renderTestPhoto } from '../gpu-workers/images/test-photos.ts'
import { benchMask } from './clean-up/bench-mask.ts'
import { measureReference } from './clean-up/measure-reference.ts'
import { psnrInside } from './clean-up/psnr-inside.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** A Python that has pypatchmatch; without one the comparison is left out, with the reason. */
    python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
    /** The shortest of so many tries counts, ours and theirs by turns. */
    tries: { type: 'string', default: '3' },
  },
})
const tries = Number(values.tries)

const cases = (['weave', 'brushed metal', 'tiles'] as const).flatMap((surface) =>
  (['disc', 'strokes'] as const).map((shape) => ({
    name: `${surface}, ${shape}`,
    photo: renderTestPhoto(surface, 1024, 1024),
    mask: benchMask(shape, 1024, 1024, 0.1),
  })),
)

const rows: { ours: Measured; theirs: Measured | null }[] = []
let skipped: string | null = null
await measure(cases[0]!.photo, cases[0]!.mask, 'patch-match') // compiles
for (const { name, photo, mask } of cases) {
  let ours: Measured | null = null
  let theirs: Measured | null = null
  for (let attempt = 0; attempt < tries; attempt++) {
    ours = shorter(ours, await measure(photo, mask, 'patch-match'))
    if (skipped !== null) continue
    const reference = await measureReference(values.python, photo, mask)
    if ('reason' in reference) skipped = reference.reason
    else theirs = shorter(theirs, reference)
  }
  rows.push({ ours: ours!, theirs })
  say(`${name.padEnd(24)} ours ${show(ours!)}${theirs ? `   pypatchmatch ${show(theirs)}` : ''}`)
}
if (skipped !== null) console.error(`pypatchmatch is left out: ${skipped}`)

const [first] = cases
const telea = await measure(first!.photo, first!.mask, 'telea')
const navierStokes = await measure(first!.photo, first!.mask, 'navier-stokes')
const large = renderTestPhoto('weave', 4000, 3000)
const twelve = await measure(large, benchMask('disc', 4000, 3000, 0.004), 'patch-match')
say(`1024 × 1024: Telea ${show(telea)}, Navier-Stokes ${show(navierStokes)}`)
say(`4000 × 3000 with a hole of 48,000 pixels: ${show(twelve)}`)

const ours = rows.map((row) => row.ours)
const theirs = rows.flatMap((row) => row.theirs ?? [])
const compared = theirs.length === rows.length
console.log(
  JSON.stringify({
    seconds: round(mean(ours, 'seconds')),
    pypatchmatch_seconds: compared ? round(mean(theirs, 'seconds')) : null,
    ratio: compared ? round(mean(ours, 'seconds') / mean(theirs, 'seconds')) : null,
    worst_ratio: compared
      ? round(Math.max(...rows.map((row) => row.ours.seconds / row.theirs!.seconds)))
      : null,
    cpu_ratio: compared ? round(mean(ours, 'cpuSeconds') / mean(theirs, 'cpuSeconds')) : null,
    psnr: round(mean(ours, 'psnr')),
    pypatchmatch_psnr: compared ? round(mean(theirs, 'psnr')) : null,
    telea_seconds: round(telea.seconds),
    navier_stokes_seconds: round(navierStokes.seconds),
    megapixels_12_seconds: round(twelve.seconds),
  }),
)

interface Measured {
  seconds: number
  cpuSeconds: number
  /** Of the filled pixels, dB. */
  psnr: number
}

async function measure(photo: RgbImage, mask: GrayMask, method: CleanUpParams['method']): Promise<Measured> {
  const cpu = process.cpuUsage()
  const start = performance.now()
  const cleaned = await cleanUp({ image: photo, mask, method, seed: 1 })
  const seconds = (performance.now() - start) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { seconds, cpuSeconds: (user + system) / 1e6, psnr: psnrInside(photo, cleaned, mask) }
}

function shorter(a: Measured | null, b: Measured): Measured {
  return a && a.seconds <= b.seconds ? a : b
}

function mean(all: Measured[], key: keyof Measured): number {
  return all.reduce((sum, one) => sum + one[key], 0) / all.length
}

function show({ seconds, cpuSeconds, psnr }: Measured): string {
  return `${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s of processor), ${psnr.toFixed(1)} dB`
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function say(line: string): void {
  if (!values.json) console.log(line)
}
