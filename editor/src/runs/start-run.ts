/** Starts a run of the graph on the canvas, and stops one. */
import { create } from 'zustand'
import { request } from '../api/client.ts'
import { queryClient } from '../api/query-client.ts'
import type { Run } from '../api/types.ts'
import { saveNow, useOpenGraph } from '../autosave.ts'
import { useGraphStore } from '../graph-store.ts'
import { showError } from '../shell/show-error.ts'
import { useVerdict } from './problem-store.ts'
import { showRun } from './run-view.ts'

export const useStarting = create<{ starting: boolean }>(() => ({ starting: false }))

/** Saves first: a run of a saved graph is found again among its past runs. */
export async function startRun(): Promise<void> {
  if (useGraphStore.getState().shown) return
  if (useStarting.getState().starting || useVerdict.getState().problems.length > 0) return
  useStarting.setState({ starting: true })
  try {
    await saveNow()
    const { id, name, state } = useOpenGraph.getState()
    const graph = useGraphStore.getState().history.present
    const run = await request<Run>('POST', '/runs', {
      body: state === 'saved' || state === 'read-only' ? { graphId: id } : { graph, name },
      // Pressing twice, or a lost answer that is sent again, is one run.
      headers: { 'idempotency-key': crypto.randomUUID() },
    })
    void queryClient.invalidateQueries({ queryKey: ['runs'] })
    showRun(run.id).catch(showError)
  } catch (error) {
    showError(error)
  } finally {
    useStarting.setState({ starting: false })
  }
}

export async function cancelRun(id: string): Promise<void> {
  await request('POST', `/runs/${id}/cancel`).catch(showError)
  await queryClient.invalidateQueries({ queryKey: ['runs'] })
}
