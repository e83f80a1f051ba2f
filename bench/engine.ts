/** `npm run bench -- engine --json`: what the engine costs beside the work, on a whole studio with work that does nothing. */
import { parseArgs } from 'node:util'
import { startBenchStudio } from './engine/bench-studio.ts'
import { startInference } from './engine/inference.ts'
import { serveNothing } from './engine/inference-process.ts'
import { measureBatch, measureFairness } from './engine/measure-batch.ts'
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
    /** Which process this is; the bench starts its inference process itself. */
    role: { type: 'string', default: 'bench' },
  },
})
// Standard output is one JSON line where a program reads it.
const say = values.json ? console.error : console.log

if (values.role === 'inference') await serveNothing()
else await bench(Number(values.items))

async function bench(items: number): Promise<void> {
  say('Starting a studio …')
  const studio = await startBenchStudio()
  try {
    const inference = await startInference(studio, 'bench')
    // The first runs of a process find cold code and an empty cache of statements.
    await measureNodeToNode(studio, inference, { chains: 2, length: 20 })
    const nodeToNode = await measureNodeToNode(studio, inference, { chains: 4, length: 40 })
    say(`node to node: p50 ${round(nodeToNode.p50)} ms, p95 ${round(nodeToNode.p95)} ms`)
    const accept = await measureAccept(studio, inference, 60)
    say(
      `request to first work: p50 ${round(accept.fromRequest.p50)} ms, p95 ${round(accept.fromRequest.p95)} ms`,
    )
    const cached = await measureCachedRerun(studio, inference, 50)
    say(`unchanged 50-node run: ${cached.ms} ms, ${cached.tasks} tasks, ${cached.tokens} tokens`)
    const cancel = await measureCancel(studio, inference, 5)
    say(`cancel to stopped: ${round(cancel)} ms at most`)
    const batch = await measureBatch(studio, inference, items)
    say(
      `${items} items: ${round(batch.items_per_s)} items/s in ${batch.chunks} chunks, ${batch.max_events} events at most`,
    )
    const fairness = await measureFairness(studio, inference)
    say(
      `interactive behind a batch: ${fairness.chunksBefore} chunks; second department: ${round(fairness.secondShare, 2)}`,
    )
    await inference.close()
    const ledger = await measureLedger(
      studio.databaseUrl,
      { memberId: studio.ownerId, departmentId: studio.departmentId },
      8,
    )
    say(`ledger: ${round(ledger.pairs_per_s)} pairs of hold and settlement a second, ${ledger.broken} broken`)
    const celery = await measureCelery(items, values.python)
    say(`Celery + Redis: ${celery.items_per_s} items/s, ${celery.with_handing_in_per_s} with handing them in`)
    console.log(
      JSON.stringify({
        node_to_node_p50_ms: round(nodeToNode.p50),
        node_to_node_p95_ms: round(nodeToNode.p95),
        accept_p95_ms: round(accept.fromRequest.p95),
        accept_after_answer_p95_ms: round(accept.fromAnswer.p95),
        cached_rerun_ms: cached.ms,
        cached_rerun_tasks: cached.tasks,
        cached_rerun_tokens: cached.tokens,
        cached_rerun_saved_tokens: cached.savedTokens,
        batch_items: items,
        batch_items_per_s: round(batch.items_per_s),
        batch_chunks: batch.chunks,
        batch_max_events: batch.max_events,
        cancel_ms: round(cancel),
        interactive_behind_batch_chunks: fairness.chunksBefore,
        second_department_share: round(fairness.secondShare, 2),
        celery_items_per_s: celery.items_per_s,
        celery_with_handing_in_per_s: celery.with_handing_in_per_s,
        ledger_holds_per_s: round(ledger.pairs_per_s),
        ledger_broken: ledger.broken,
      }),
    )
  } finally {
    await studio.close()
  }
}
