/** `npm run bench -- pipeline --json`: what the pipeline costs beside its models, and how fast it is beside diffusers. */
import { parseArgs } from 'node:util'
import { compareWithDiffusers } from './pipeline/compare-with-diffusers.ts'
import { prepareModel } from './pipeline/prepare-model.ts'
import { serveBareCalls } from './pipeline/serve-bare-calls.ts'
import { serveDrawings } from './pipeline/serve-drawings.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    provider: { type: 'string', default: 'cpu' },
    threads: { type: 'string', default: '2' },
    steps: { type: 'string', default: '20' },
    side: { type: 'string', default: '512' },
    /** Both sides draw so often, by turns; fewer when the machine is so slow that it would take over seven minutes. */
    rounds: { type: 'string', default: '2' },
    /** The environment that `npm run setup:python` makes. */
    python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
    /** Which side this process is; the bench starts one of itself for each. */
    role: { type: 'string', default: 'bench' },
    models: { type: 'string', default: '' },
  },
})
if (values.provider !== 'cpu' && values.provider !== 'cuda') throw new Error('--provider is cpu or cuda.')
const provider = { provider: values.provider, threads: Number(values.threads) } as const
// Standard output is one JSON line where a program reads it.
const say = values.json ? console.error : console.log

if (values.role === 'drawings') serveDrawings(values.models, provider)
else if (values.role === 'bare-calls') serveBareCalls(provider)
else {
  const model = await prepareModel(values.python, say)
  const figures = await compareWithDiffusers(model, {
    python: values.python,
    provider,
    order: { steps: Number(values.steps), side: Number(values.side) },
    rounds: Number(values.rounds),
    say,
  })
  console.log(JSON.stringify(figures))
}
