/** How soon a run's first work starts, how soon one node follows another, and how soon a cancel is felt. */
import type { BenchStudio } from './bench-studio.ts'
import { chain } from './graphs.ts'
import type { Inference } from './inference.ts'
import { startRun, succeed, waitForEnd } from './run-graph.ts'
import { quantile } from './statistics.ts'

/** Milliseconds between the starts of the work of two nodes in a row, over several chains. */
export async function measureNodeToNode(
  studio: BenchStudio,
  inference: Inference,
  { chains, length }: { chains: number; length: number },
): Promise<{ p50: number; p95: number; samples: number }> {
  const steps: number[] = []
  for (let k = 0; k < chains; k++) {
    inference.forget()
    const { id } = await startRun(studio, chain(length, 1_000_000 * (k + 1)))
    await succeed(studio, id)
    const starts = inference.heard.filter(({ kind, runId }) => kind === 'started' && runId === id)
    if (starts.length !== length - 1) throw new Error(`${starts.length} of ${length - 1} nodes worked.`)
    for (const [i, { at }] of starts.entries()) if (i > 0) steps.push(at - (starts[i - 1]?.at ?? at))
  }
  return { p50: quantile(steps, 0.5), p95: quantile(steps, 0.95), samples: steps.length }
}

/** Milliseconds from the request, and from its answer, to the start of the first work; one run after the other. */
export async function measureAccept(
  studio: BenchStudio,
  inference: Inference,
  runs: number,
): Promise<{ fromRequest: { p50: number; p95: number }; fromAnswer: { p50: number; p95: number } }> {
  const asked: number[] = []
  const accepted: number[] = []
  for (let k = 0; k < runs; k++) {
    inference.forget()
    const run = await startRun(studio, chain(2, 700_000 + k))
    const { at } = await inference.wait(({ kind, runId }) => kind === 'started' && runId === run.id)
    asked.push(at - run.askedAt)
    accepted.push(Math.max(0, at - run.acceptedAt))
    await succeed(studio, run.id)
  }
  const both = (samples: number[]) => ({ p50: quantile(samples, 0.5), p95: quantile(samples, 0.95) })
  return { fromRequest: both(asked), fromAnswer: both(accepted) }
}

/** Milliseconds from the request to cancel until the work has heard it; the slowest of several. */
export async function measureCancel(
  studio: BenchStudio,
  inference: Inference,
  runs: number,
): Promise<number> {
  const took: number[] = []
  inference.behave({ taskMs: 60_000, stores: false })
  for (let k = 0; k < runs; k++) {
    inference.forget()
    const run = await startRun(studio, chain(2, 800_000 + k))
    await inference.wait(({ kind, runId }) => kind === 'started' && runId === run.id)
    const asked = performance.timeOrigin + performance.now()
    await fetch(new URL(`/api/v1/runs/${run.id}/cancel`, studio.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${studio.ownerToken}` },
    })
    const { at } = await inference.wait(({ kind, runId }) => kind === 'stopped' && runId === run.id)
    took.push(at - asked)
    const { status, cost } = await waitForEnd(studio, run.id)
    if (status !== 'cancelled' || cost !== 0n)
      throw new Error(`A cancelled run ended as ${status}, cost ${cost}.`)
  }
  inference.behave({ taskMs: 0, stores: false })
  return Math.max(...took)
}

/** A run of so many nodes twice: what the second one takes, and what it asked of the workers. */
export async function measureCachedRerun(
  studio: BenchStudio,
  inference: Inference,
  nodes: number,
): Promise<{ ms: number; tasks: number; tokens: number; savedTokens: number }> {
  inference.behave({ taskMs: 0, stores: true })
  const graph = chain(nodes, 900_000)
  await succeed(studio, (await startRun(studio, graph)).id)
  inference.behave({ taskMs: 0, stores: false })
  const times: number[] = []
  let tasks = 0
  let tokens = 0n
  let saved = 0n
  for (let k = 0; k < 5; k++) {
    inference.forget()
    const again = await succeed(studio, (await startRun(studio, graph)).id)
    times.push(again.wholeMs)
    tasks += inference.heard.length
    tokens += again.cost
    saved = again.saved
  }
  return {
    ms: quantile(times, 0.5),
    tasks,
    tokens: Number(tokens) / 1e6,
    savedTokens: Number(saved) / 1e6,
  }
}
