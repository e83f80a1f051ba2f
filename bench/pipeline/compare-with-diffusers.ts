/** The bench itself: both sides draw the same picture by turns; then the pipeline's calls are made again, bare. */
import { readdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { ProviderConfig } from '../../gpu-workers/runtime/session.ts'
import type { DrawingReport, MemoryReport, Order } from './messages.ts'
import type { BenchModel } from './prepare-model.ts'
import { DRAWING } from './serve-drawings.ts'
import { startReference, startSelf, type ReferenceDrawing } from './sides.ts'

export type BenchOptions = {
  python: string
  provider: ProviderConfig & { threads: number }
  order: Order
  rounds: number
  say: (line: string) => void
}

// Another round is begun only when it should end before this; the bare calls come after it.
const ENOUGH_MS = 7 * 60_000

/** @returns the figures that the bench prints; memory in MiB. */
export async function compareWithDiffusers(model: BenchModel, options: BenchOptions) {
  const { python, provider, order, say } = options
  const began = performance.now()
  const flags = ['--provider', provider.provider, '--threads', String(provider.threads)]
  const ours = startSelf<Order, DrawingReport>(['--role', 'drawings', '--models', model.models, ...flags])
  const theirs = startReference(
    python,
    model.checkpoint,
    provider.provider === 'cuda' ? 'cuda' : 'cpu',
    provider.threads,
  )
  try {
    const warmUp = { ...order, steps: 1 }
    const first = await ours.ask(warmUp)
    await theirs.ask({ ...DRAWING, ...warmUp })
    say(`warm after ${seconds(performance.now() - began)}`)

    const drawings: DrawingReport[] = []
    const references: ReferenceDrawing[] = []
    const draw = async () => drawings.push(await ours.ask(order))
    const drawThere = async () => references.push(await theirs.ask({ ...DRAWING, ...order }))
    for (let round = 0, last = 0; round < options.rounds; round++) {
      const start = performance.now()
      // The rest of the bench makes the pipeline's calls once more.
      if (round > 0 && start - began + 1.6 * last > ENOUGH_MS) break
      // Each side goes first in every other round: whatever else the machine does falls on both.
      for (const turn of round % 2 === 0 ? [draw, drawThere] : [drawThere, draw]) await turn()
      last = performance.now() - start
      say(
        `ours ${seconds(drawings.at(-1)!.wall)}, diffusers ${seconds(references.at(-1)!.wall)}, ` +
          `beside the models ${beside(drawings.at(-1)!).toFixed(0)} ms`,
      )
    }
    ours.end()
    theirs.end()

    const bare = startSelf<object, MemoryReport>(['--role', 'bare-calls', ...flags])
    const calls = [...first.calls, ...drawings[0]!.calls]
    const bareMemory = await bare.ask({ files: modelFiles(join(model.models, model.id)), calls })
    bare.end()
    return {
      overhead_ratio: round(sum(drawings.map(beside)) / sum(drawings.map((one) => one.wall)), 5),
      speed_vs_diffusers: round(sum(references.map(wall)) / sum(drawings.map(wall)), 3),
      peak_memory_ratio: round(growth(drawings[0]!.memory) / growth(bareMemory), 3),
      warm_first_step_ms: round(median(drawings.map(beforeFirstStep)), 1),
      seconds: drawings.map((one) => round(one.wall / 1000, 2)),
      seconds_diffusers: references.map((one) => round(one.wall / 1000, 2)),
      cpu_seconds: drawings.map((one) => round(one.cpuSeconds, 1)),
      cpu_seconds_diffusers: references.map((one) => round(one.cpuSeconds, 1)),
      unet_call_seconds: round(median(drawings.flatMap((one) => partSeconds(one, 'unet'))), 3),
      decode_seconds: round(median(drawings.flatMap((one) => partSeconds(one, 'vae_decoder'))), 2),
      mean_difference: round(meanDifference(drawings[0]!.picture, references[0]!.picture), 4),
      memory_growth_mib: Math.round(growth(drawings[0]!.memory)),
      memory_growth_bare_mib: Math.round(growth(bareMemory)),
      ...order,
      provider: provider.provider,
      threads: provider.threads,
      load_average: round(loadavg()[0]!, 2),
      bench_seconds: Math.round((performance.now() - began) / 1000),
    }
  } finally {
    ours.end()
    theirs.end()
  }
}

const wall = (one: { wall: number }) => one.wall
const growth = ({ before, peak }: MemoryReport) => peak - before

function modelFiles(folder: string): string[] {
  const parts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const files = parts.map(({ name }) => join(folder, name))
  return files
    .filter((part) => readdirSync(part).includes('model.onnx'))
    .map((part) => join(part, 'model.onnx'))
}

/** Milliseconds that no model was computing. */
function beside({ wall, calls }: DrawingReport): number {
  return wall - sum(calls.map(({ start, end }) => end - start))
}

/** From the request to the UNet's first call, less what the text encoder took. */
function beforeFirstStep({ calls }: DrawingReport): number {
  const first = calls.findIndex(({ file }) => basename(dirname(file)) === 'unet')
  return calls[first]!.start - sum(calls.slice(0, first).map(({ start, end }) => end - start))
}

function partSeconds({ calls }: DrawingReport, part: string): number[] {
  const own = calls.filter(({ file }) => basename(dirname(file)) === part)
  return own.map(({ start, end }) => (end - start) / 1000)
}

/** Over all bytes of the two pictures, 0 … 255: shows that both sides drew the same. */
function meanDifference(ours: string, theirs: string): number {
  const [a, b] = [Buffer.from(ours, 'base64'), Buffer.from(theirs, 'base64')]
  if (a.length !== b.length) throw new Error(`The pictures have ${a.length} and ${b.length} bytes.`)
  return a.reduce((total, byte, i) => total + Math.abs(byte - b[i]!), 0) / a.length
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
