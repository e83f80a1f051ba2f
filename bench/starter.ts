/** `npm run bench -- starter --json`: what the starter model and the tools beside it are worth, through the product's own pipeline. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createPipeline } from '../gpu-workers/pipeline/index.ts'
import { createContactSheets } from './starter/contact-sheets.ts'
import { openJudge } from './starter/judge.ts'
import { loadRenders } from './starter/renders.ts'
import { clean, draw, inpaint, matte, textToImage, type Figures } from './starter/tasks.ts'
import { imageToImage, suggest, upscale } from './starter/whole-picture-tasks.ts'

const TASKS = { text: textToImage, image: imageToImage, inpaint, draw, clean, matte, suggest, upscale }

const recipe = fileURLToPath(new URL('../gpu-workers/starter-model', import.meta.url))
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    /** A folder whose children are models, to try other weights than those shipped. */
    weights: { type: 'string', default: join(recipe, 'weights') },
    only: { type: 'string', default: Object.keys(TASKS).join(',') },
    guidance: { type: 'string' },
    threads: { type: 'string', default: '2' },
    /** A multiple of 56 shows every defect on every surface equally often. */
    count: { type: 'string', default: '224' },
    python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
    judge: { type: 'string', default: join(recipe, 'judge') },
    /** Writes a contact sheet per task here. */
    sheets: { type: 'string' },
  },
})

const threads = Number(values.threads)
const pipeline = createPipeline({ modelsDirs: [], shippedDir: values.weights, provider: 'cpu', threads })
const judge = await openJudge(values.judge, threads)
const renders = await loadRenders(recipe, values.python, Number(values.count))
const sheets = createContactSheets(7)
const guidance = values.guidance === undefined ? undefined : Number(values.guidance)
let pictures = 0
const figures: Figures = { n: renders.pairs.length }
report('examination of the judge', judge.examination)
for (const name of values.only.split(',')) {
  if (!isTask(name))
    throw new Error(`There is no task "${name}"; there are ${Object.keys(TASKS).join(', ')}.`)
  const found = await TASKS[name]({
    pipeline,
    judge,
    renders,
    guidance,
    model: 'starter',
    onPicture: (task, picture) => {
      sheets.add(task, picture)
      if (++pictures % 32 === 0) console.error(`${task}: ${pictures} pictures`)
    },
  })
  for (const [key, value] of Object.entries(found)) figures[key] = Math.round(value * 1000) / 1000
  report(name, found)
}
if (values.sheets) await sheets.write(values.sheets)
await judge.dispose()
await pipeline.dispose()
console.log(JSON.stringify(figures))

function isTask(name: string): name is keyof typeof TASKS {
  return Object.hasOwn(TASKS, name)
}

function report(name: string, found: Record<string, unknown>): void {
  if (values.json) return
  console.log(name)
  for (const [key, value] of Object.entries(found))
    console.log(
      `  ${key.padEnd(34)} ${typeof value === 'number' ? Number(value.toFixed(3)) : JSON.stringify(value)}`,
    )
}
