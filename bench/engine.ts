/** `npm run bench -- engine --json`: what the engine costs beside the work, on a whole studio with work that does nothing. */
import { parseArgs } from 'node:util'
import { startBenchStudio, type BenchStudio } from './engine/bench-studio.ts'
import { startInference, type Inference } from './engine/inference.ts'
import { serveNothing } from './engine/inference-process.ts'
import { measureBatch, measureFairness, measureSingles } from './engine/measure-batch.ts'
import { measureCelery } from './engine/measure-celery.ts'
import {
  measureAccept,
  measureCachedRerun,
  measureCancel,
  measureNodeToNode,
} from './engine/measure-latency.ts'
import { measureLedger } from './engine/measure-ledger.ts'
import { round } from './engine/statistics.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    items: { type: 'string', default: '10000' },
    python: { type: 'string', default: process.env['PYTHON'] ?? 'python3' },
    /** Some of the parts: latency, cached, cancel, batch, fairness, ledger, celery. */
    only: { type: 'string', default: '' },
    /** Which process this is; the bench starts its inference process itself. */
    role: { type: 'string', default: 'bench' },
  },
})
// Standard output is one JSON line where a program reads it.
const say = values.json ? console.error : console.log

type Figures = Record<string, number>
type Part = (studio: BenchStudio, inference: Inference, items: number) => Promise<Figures>

/** In this order: the first runs of a studio find cold code and an empty cache of statements. */
const parts: Record<string, Part> = {
  async latency(studio, inference) {
    await measureNodeToNode(studio, inference, { chains: 2, length: 20 })
    const nodeToNode = await measureNodeToNode(studio, inference, { chains: 4, length: 40 })
    const accept = await measureAccept(studio, inference, 60)
    return {
      node_to_node_p50_ms: round(nodeToNode.p50),
      node_to_node_p95_ms: round(nodeToNode.p95),
      accept_p95_ms: round(accept.fromRequest.p95),
      accept_after_answer_p95_ms: round(accept.fromAnswer.p95),
    }
  },
  async cached(studio, inference) {
    const { ms, tasks, tokens, savedTokens } = await measureCachedRerun(studio, inference, 50)
    return {
      cached_rerun_ms: ms,
      cached_rerun_tasks: tasks,
      cached_rerun_tokens: tokens,
      cached_rerun_saved_tokens: savedTokens,
    }
  },
  cancel: async (studio, inference) => ({ cancel_ms: round(await measureCancel(studio, inference, 5)) }),
  async batch(studio, inference, items) {
    const batch = await measureBatch(studio, inference, items)
    return {
      batch_items: items,
      batch_items_per_s: round(batch.items_per_s),
      batch_chunks: batch.chunks,
      batch_max_events: batch.max_events,
      // Below a hundred items each has an activity of its own.
      single_items_per_s: round(await measureSingles(studio, 100, 3)),
    }
  },
  async fairness(studio, inference) {
    const { chunksBefore, secondShare } = await measureFairness(studio, inference)
    return { interactive_behind_batch_chunks: chunksBefore, second_department_share: round(secondShare, 2) }
  },
  async ledger({ databaseUrl, ownerId: memberId, departmentId }) {
    const { pairs_per_s, broken } = await measureLedger(databaseUrl, { memberId, departmentId }, 8)
    return { ledger_holds_per_s: round(pairs_per_s), ledger_broken: broken }
  },
  async celery(_studio, _inference, items) {
    const rates = await measureCelery(items, values.python)
    return {
      celery_items_per_s: rates.items_per_s,
      celery_with_handing_in_per_s: rates.with_handing_in_per_s,
    }
  },
}

async function bench(items: number, only: readonly string[]): Promise<void> {
  say('Starting a studio …')
  const studio = await startBenchStudio()
  try {
    const inference = await startInference(studio, 'bench')
    let figures: Figures = {}
    for (const name of only) {
      const part = parts[name]
      if (!part) throw new Error(`--only names "${name}"; there are ${Object.keys(parts).join(', ')}.`)
      const measured = await part(studio, inference, items)
      say(`${name}: ${JSON.stringify(measured)}`)
      figures = { ...figures, ...measured }
    }
    await inference.close()
    console.log(JSON.stringify(figures))
  } finally {
    await studio.close()
  }
}

if (values.role === 'inference') await serveNothing()
else await bench(Number(values.items), values.only === '' ? Object.keys(parts) : values.only.split(','))
