/** How fast ten thousand items go through, how long the histories become, and who waits for them. */
import type { BenchStudio } from './bench-studio.ts'
import { batch, chain } from './graphs.ts'
import type { Inference } from './inference.ts'
import { joinDepartment } from './other-department.ts'
import { startRun, succeed, waitForEnd } from './run-graph.ts'

export interface BatchRates {
  items: number
  items_per_s: number
  chunks: number
  /** The most events in any history of the run: its own, and those of its batch, one after the other. */
  max_events: number
  histories: number
}

export async function measureBatch(
  studio: BenchStudio,
  inference: Inference,
  items: number,
): Promise<BatchRates> {
  inference.forget()
  const { id } = await startRun(studio, batch(items, 1))
  const { startedMs, cost } = await succeed(studio, id, 900_000)
  const rows = await studio.db.nodeRunItem.count({ where: { runId: id, nodeId: 'draw', state: 'succeeded' } })
  if (rows !== items || cost !== BigInt(items) * 1_000_000n)
    throw new Error(`${rows} of ${items} items have their row; ${cost} micro-tokens were charged.`)
  const lengths = await historyLengths(studio, id)
  return {
    items,
    items_per_s: items / (startedMs / 1000),
    chunks: inference.heard.filter(({ kind }) => kind === 'started').length,
    max_events: Math.max(...lengths),
    histories: lengths.length,
  }
}

/** How many items a second go through when each has an activity of its own; the best of several runs. */
export async function measureSingles(studio: BenchStudio, items: number, runs: number): Promise<number> {
  const rates: number[] = []
  for (let k = 0; k < runs; k++) {
    const { id } = await startRun(studio, batch(items, 5_000 + k))
    const { startedMs } = await succeed(studio, id)
    rates.push(items / (startedMs / 1000))
  }
  return Math.max(...rates)
}

/** Visibility is written a little later: asks until the newest of the run's workflows is there and has ended. */
async function historyLengths(studio: BenchStudio, runId: string): Promise<number[]> {
  for (let tries = 0; tries < 100; tries++) {
    const lengths: number[] = []
    let open = false
    for await (const execution of studio.temporal.workflow.list({
      query: `WorkflowId STARTS_WITH "run:${runId}"`,
    })) {
      if (execution.status.name === 'RUNNING') open = true
      else lengths.push(execution.historyLength)
    }
    if (!open && lengths.length > 1) return lengths
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`The histories of run ${runId} are not to be found.`)
}

/**
 * How many chunks of a batch start between an interactive run being accepted and its own work starting; and which share
 * of the chunks a second department gets whose batch began later.
 */
export async function measureFairness(
  studio: BenchStudio,
  inference: Inference,
): Promise<{ chunksBefore: number; secondShare: number }> {
  const other = await joinDepartment(studio)
  // Long beside what starting a run takes, as real chunks are.
  inference.behave({ taskMs: 400, stores: false })
  inference.forget()
  const first = await startRun(studio, batch(10_000, 2))
  await inference.wait(({ kind, runId }) => kind === 'started' && runId === first.id)
  const waits: number[] = []
  for (let k = 0; k < 5; k++) {
    const quick = await startRun(studio, chain(2, 950_000 + k))
    const { at } = await inference.wait(({ kind, runId }) => kind === 'started' && runId === quick.id)
    waits.push(
      inference.heard.filter(
        ({ kind, runId, at: when }) =>
          kind === 'started' && runId === first.id && when > quick.acceptedAt && when < at,
      ).length,
    )
    await succeed(studio, quick.id)
  }
  const second = await startRun(studio, batch(10_000, 3), { token: other.token })
  const { at: from } = await inference.wait(({ kind, runId }) => kind === 'started' && runId === second.id)
  const window = () => inference.heard.filter(({ kind, at }) => kind === 'started' && at >= from)
  await inference.wait(() => window().length >= 40)
  const chunks = window()
  const share = chunks.filter(({ runId }) => runId === second.id).length / chunks.length
  inference.behave({ taskMs: 0, stores: false })
  for (const { id, token } of [
    { id: first.id, token: studio.ownerToken },
    { id: second.id, token: other.token },
  ]) {
    await fetch(new URL(`/api/v1/runs/${id}/cancel`, studio.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    await waitForEnd(studio, id)
  }
  return { chunksBefore: Math.max(...waits), secondShare: share }
}
