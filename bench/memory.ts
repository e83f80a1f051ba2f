/** `npm run bench -- memory --json`: whether a worker's memory stays flat over 200 pictures of three models in rotation. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createPipeline } from '../gpu-workers/pipeline/index.ts'
import { flatness, type Flatness } from './memory/flatness.ts'
import { takenMemory } from './memory/taken-memory.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    generations: { type: 'string', default: '200' },
    /** Drawn before the first look: buffers of ONNX Runtime and of the language grow to their size. */
    settle: { type: 'string', default: '30' },
    threads: { type: 'string', default: '2' },
  },
})
const generations = Number(values.generations)
const settle = Number(values.settle)
const at = (name: string) => fileURLToPath(new URL(`../gpu-workers/${name}`, import.meta.url))
const models = ['starter', 'tiny-sd', 'tiny-sd-inpaint']

/** @param memoryLimitMb of the pipeline; half of it may be weights. */
async function measure(memoryLimitMb?: number): Promise<Flatness & { loads: number }> {
  const pipeline = createPipeline({
    ...{ provider: 'cpu', threads: Number(values.threads), memoryLimitMb },
    ...{ modelsDirs: [at('goldens')], shippedDir: at('starter-model/weights') },
  })
  const samples: number[] = []
  let loads = 0
  for (let i = 0; i < settle + generations; i++) {
    const model = models[i % models.length]!
    if (!pipeline.loaded().some(({ id }) => id === model)) loads++
    await pipeline.textToImage({
      ...{ model, prompt: 'a scratch on steel', negativePrompt: '', steps: 2, guidanceScale: 5 },
      ...{ sampler: 'Euler a', seeds: [i], width: 128, height: 128, onStep: () => {} },
    })
    // Looked at after each turn, with the same models loaded: what another one weighs is no growth.
    if (i < settle || (i + 1) % models.length !== 0) continue
    samples.push(takenMemory())
    if (samples.length % 10 === 0) say(`${i - settle + 1} pictures: ${mebibytes(samples.at(-1)!)} MiB`)
  }
  await pipeline.dispose()
  const flat = flatness(samples)
  say(
    `${loads} loads, ${percent(flat.growth)} from the first quarter to the last, ${percent(flat.worst)} at most`,
  )
  return { ...flat, loads }
}

say('All three stay loaded:')
const kept = await measure()
say('Each is loaded for its picture and let go for the next:')
const reloaded = await measure(1)
console.log(
  JSON.stringify({
    ...{ generations, models: models.length, flat: kept.drift <= 0.05 && reloaded.drift <= 0.05 },
    ...{
      mean_mib: mebibytes(kept.mean),
      worst_deviation: round(kept.worst),
      growth: round(kept.growth),
      drift: round(kept.drift),
    },
    ...{ reloads: reloaded.loads, reloaded_mean_mib: mebibytes(reloaded.mean) },
    ...{
      reloaded_worst_deviation: round(reloaded.worst),
      reloaded_growth: round(reloaded.growth),
      reloaded_drift: round(reloaded.drift),
    },
  }),
)

function mebibytes(bytes: number): number {
  return Math.round((bytes / 2 ** 20) * 10) / 10
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function say(line: string): void {
  if (!values.json) console.log(line)
}
