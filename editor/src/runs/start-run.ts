/** Starts runs of the graph on the canvas, whole or in part, and takes one up again. */
import { create } from 'zustand'
import { answer, api } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import type { Run, RunQuote } from '../api/types.ts'
import { saveNow, useOpenGraph } from '../autosave.ts'
import { useGraphStore } from '../graph-store.ts'
import { showError } from '../shell/show-error.ts'
import { useVerdict } from './problem-store.ts'
import { showRun } from './run-view.ts'

export const useStarting = create<{ starting: boolean }>(() => ({ starting: false }))

export interface RunChoices {
  /** These nodes and what they need; without it all. */
  only?: string[]
  /** Results of other runs are not looked for. */
  fresh?: boolean
}

/** Saves first: a run of a saved graph is found again among its past runs. */
export async function startRun(choices: RunChoices = {}): Promise<void> {
  // A part of a graph may run although another part of it is not finished; the studio says what is wrong.
  if (!choices.only && useVerdict.getState().problems.length > 0) return
  // A graph of before is only looked at.
  if (useGraphStore.getState().shown) return
  await start(async () =>
    // Pressing twice, or a lost answer that is sent again, is one run.
    answer(sendRun({ ...choices }, { 'Idempotency-Key': crypto.randomUUID() })),
  )
}

/** What the run would cost, before it starts. */
export async function quoteRun(choices: RunChoices): Promise<RunQuote> {
  await saveNow()
  return answer(api.POST('/api/v1/runs/quote', { body: { ...graphToRun(), ...choices } }))
}

/** Takes a run up again: as it ran, or with the graph on the canvas. */
export async function retryRun(runId: string, edited = false): Promise<Run | null> {
  const graph = useGraphStore.getState().history.present
  return start(() =>
    answer(
      api.POST('/api/v1/runs/{id}/retry', {
        params: { path: { id: runId }, header: { 'Idempotency-Key': crypto.randomUUID() } },
        body: edited ? { graph } : {},
      }),
    ),
  )
}

function sendRun(choices: RunChoices, header: { 'Idempotency-Key': string }) {
  const given = graphToRun()
  return 'graphId' in given
    ? api.POST('/api/v1/graphs/{id}/runs', { params: { path: { id: given.graphId }, header }, body: choices })
    : api.POST('/api/v1/runs', { params: { header }, body: { ...given, ...choices } })
}

function graphToRun() {
  const { id, name, state } = useOpenGraph.getState()
  const graph = useGraphStore.getState().history.present
  return state === 'saved' || state === 'read-only' ? { graphId: id } : { graph, name }
}

async function start(ask: () => Promise<Run>): Promise<Run | null> {
  if (useStarting.getState().starting) return null
  useStarting.setState({ starting: true })
  try {
    await saveNow()
    const run = await ask()
    void queryClient.invalidateQueries({ queryKey: ['runs'] })
    showRun(run.id).catch(showError)
    return run
  } catch (error) {
    showError(error)
    return null
  } finally {
    useStarting.setState({ starting: false })
  }
}
