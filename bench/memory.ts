/** `npm run bench -- memory --json`: whether a worker's memory stays flat over 200 pictures of three models in rotation. */
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createPipeline } from '../gpu-workers/pipeline/index.ts'
import { collectGarbage } from './memory/collect-garbage.ts'
import { flatness } from './memory/flatness.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    generations: { type: 'string', default: '200' },
    /** Drawn before the first look: buffers of ONNX Runtime and of the language grow to their size. */
    settle: { type: 'string', default: '30' },
    /** MiB; as it is, one of the three models stays loaded, so that nearly every picture loads one and lets one go. */
    limit: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
  },
})
const generations = Number(values.generations)
const settle = Number(values.settle)
const at = (name: string) => fileURLToPath(new URL(`../gpu-workers/${name}`, import.meta.url))
const models = ['starter', 'tiny-sd', 'tiny-sd-inpaint']

const pipeline = createPipeline({
  ...{ provider: 'cpu', threads: Number(values.threads), memoryLimitMb: Number(values.limit) },
  ...{ modelsDirs: [at('goldens')], shippedDir: at('starter-model/weights') },
})

const samples: number[] = []
let loads = 0
let before = ''
for (let i = 0; i < settle + generations; i++) {
  const model = models[i % models.length]!
  await pipeline.textToImage({
    ...{ model, prompt: 'a scratch on steel', negativePrompt: '', steps: 2, guidanceScale: 5 },
    ...{ sampler: 'Euler a', seeds: [i], width: 128, height: 128, onStep: () => {} },
  })
  const loaded = pipeline.loaded().map(({ id }) => id)
  if (!before.includes(` ${model} `)) loads++
  before = ` ${loaded.join(' ')} `
  // Looked at after each turn, with the same model loaded: what another one weighs is no growth.
  if (i < settle || (i + 1) % models.length !== 0) continue
  collectGarbage()
  samples.push(process.memoryUsage.rss())
  if (samples.length % 10 === 0)
    say(`${i - settle + 1} pictures: ${(samples.at(-1)! / 2 ** 20).toFixed(1)} MiB`)
}
await pipeline.dispose()

const { growth, worst, mean } = flatness(samples)
say(
  `${loads} loads; within ${(100 * worst).toFixed(1)} % of the mean, ${(100 * growth).toFixed(1)} % from the first to the last quarter`,
)
console.log(
  JSON.stringify({
    ...{ generations, models: models.length, loads, mean_mib: round(mean / 2 ** 20) },
    ...{ worst_deviation: round(worst), growth: round(growth), flat: worst <= 0.05 },
  }),
)

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}

function say(line: string): void {
  if (!values.json) console.log(line)
}
